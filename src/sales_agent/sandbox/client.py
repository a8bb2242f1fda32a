"""How a test or the demo drives a sandbox: a small synchronous client of its control API."""

import http.client
import json
import time
from urllib.parse import urlencode, urlsplit

from sales_agent.sandbox.faults import FaultKind
from sales_agent.sandbox.json_value import JsonObject, JsonValue

# How long a control request may take, in seconds; none of them waits for anything.
TIMEOUT_SECONDS = 10.0


class SandboxRefused(Exception):
    """The control API refused the command; the text says why."""


class SandboxClient:
    """One sandbox by its URL."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._address = urlsplit(self.url).netloc

    def _ask(self, method: str, path: str, fields: JsonObject | None = None) -> JsonObject:
        connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_SECONDS)
        try:
            body = json.dumps(fields) if fields is not None else None
            connection.request(method, f"/_sandbox/{path}", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer: JsonObject = json.loads(response.read())
        finally:
            connection.close()
        if response.status >= http.client.MULTIPLE_CHOICES:
            raise SandboxRefused(f"{method} {path}: {answer}")
        return answer

    def command(self, path: str, **fields: JsonValue) -> JsonObject:
        """Any POST command by its path, such as `gmail/incoming`."""
        return self._ask("POST", path, fields)

    def fault(self, kind: FaultKind | str, **order: JsonValue) -> int:
        """Order a fault and return its id; see `Fault` for what an order may say."""
        return int(self._ask("POST", "faults", {"kind": str(kind), **order})["id"])

    def faults(self) -> list[JsonObject]:
        """The standing orders, with how many requests each has seen and caught."""
        return self._ask("GET", "faults")["faults"]

    def withdraw_faults(self, fault_id: int = 0) -> None:
        """Withdraw one order or all; answers they hold are let go."""
        self._ask("DELETE", f"faults?id={fault_id}")

    def journal(self, *, provider: str = "", path: str = "", since: int = 0) -> list[JsonObject]:
        """Requests in order; `path` is a part of the path, `since` a sequence number."""
        query = urlencode({"provider": provider, "path": path, "since": since})
        return self._ask("GET", f"journal?{query}")["entries"]

    def clear_journal(self) -> None:
        self._ask("DELETE", "journal")

    def wait_for_request(
        self, path: str, *, method: str = "", count: int = 1, since: int = 0, seconds: float = 30.0
    ) -> list[JsonObject]:
        """The journal's entries of that path once there are `count` of them.

        Raises:
            TimeoutError: they did not come within `seconds`.
        """
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            found = [e for e in self.journal(path=path, since=since) if method in {"", e["method"]}]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise TimeoutError(f"no {count} requests to {path} within {seconds} s")

    def state(self, kind: str) -> list[JsonObject]:
        """Everything of one kind: contacts, tasks, drafts, sent, threads, events, ..."""
        return self._ask("GET", f"state/{kind}")["items"]

    def reset(self, *, empty: bool = False) -> None:
        """Begin again with the data set, or with nothing."""
        self.command("reset", empty=empty)

    def settings(self, **changes: JsonValue) -> JsonObject:
        """Change settings and get all of them: search_lag_seconds, keeps_message_id, is_obedient, ..."""
        return self.command("settings", **changes)

    def shift_clock(self, seconds: float) -> None:
        self.command("clock", seconds=seconds)

    def deliver(self, **mail: JsonValue) -> JsonObject:
        """A mail reaches the seller; fields as in `incoming.deliver` (`from` is written `sender`)."""
        sender = mail.pop("sender", None)
        return self.command("gmail/incoming", **({"from": sender} if sender else {}), **mail)

    def health(self) -> JsonObject:
        return self._ask("GET", "health")
