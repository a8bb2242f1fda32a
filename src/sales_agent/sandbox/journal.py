"""The record of every request: what the tests count effects from."""

import datetime as dt
import json
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from sales_agent.kit.clock import Clock, SystemClock
from sales_agent.sandbox.json_value import JsonObject, JsonValue

# Of an answer so much is kept, in characters: enough to see what it was.
ANSWER_CHARACTERS = 2000
# So many entries stay readable over the control API; the file keeps all.
MOST_IN_MEMORY = 50_000
_SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization"}
_SECRET_FIELDS = {"client_secret", "refresh_token", "access_token", "code"}


class Journal:
    """Entries in the order in which requests were acted on; their times are the machine's, not the sandbox's."""

    def __init__(self, path: Path | None = None, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._entries: deque[JsonObject] = deque(maxlen=MOST_IN_MEMORY)
        self._sequence = 0
        self._file = self._opened(path)

    @staticmethod
    def _opened(path: Path | None) -> IO[str] | None:
        if path is None:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", buffering=1)

    def now(self) -> dt.datetime:
        return self._clock.now()

    def write(self, entry: JsonObject) -> None:
        """Number an entry, keep it, and write it to the file at once."""
        self._sequence += 1
        numbered = {"sequence": self._sequence, **entry}
        self._entries.append(numbered)
        if self._file:
            self._file.write(json.dumps(numbered, separators=(",", ":")) + "\n")

    def entries(self, provider: str = "", path: str = "", since: int = 0) -> list[JsonObject]:
        """Entries after number `since`, of one provider, whose path contains `path`."""
        return [
            entry
            for entry in self._entries
            if entry["sequence"] > since
            and (not provider or entry["provider"] == provider)
            and (not path or path in entry["path"])
        ]

    def clear(self) -> None:
        """Forget what is in memory; the file stays as it is."""
        self._entries.clear()

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def redacted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): "[redacted]" if name.lower() in _SECRET_HEADERS else value for name, value in headers.items()}


def redacted_body(body: JsonValue) -> JsonValue:
    """The body with the secrets of a token request taken out."""
    if not isinstance(body, dict) or _SECRET_FIELDS.isdisjoint(body):
        return body
    return {name: "[redacted]" if name in _SECRET_FIELDS else value for name, value in body.items()}
