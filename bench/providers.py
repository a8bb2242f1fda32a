"""HubSpot, Gmail, Drive and Calendar as a stub: the right shapes for a new person, at once or after a set latency.

The sandbox judges and remembers what it is sent and would be the bottleneck; this answers tens of thousands a second.
"""

import asyncio
import http.client
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator

import uvloop

from sales_agent.connectors.crm.hubspot.associations import TYPE_IDS, Link

Call = tuple[str, str, str]
Answer = Callable[[str], object]

# Orders to the stub itself go here: PUT {latency_ms, record}, GET what was recorded since.
CONTROL = "/_bench"

_IDS = itertools.count(90_000_000_001)

_FILES = {
    "files": [
        {
            "id": f"1file{number}",
            "name": name,
            "mimeType": "application/pdf",
            "webViewLink": f"https://drive.google.com/file/d/1file{number}/view",
            "description": "",
            "parents": ["1folder"],
            "modifiedTime": "2026-10-12T08:37:51.673Z",
            "trashed": False,
            "permissions": [{"type": "anyone", "role": "reader"}],
        }
        for number, name in enumerate(("Case study: fewer repeat visits", "Product tour", "Security overview"))
    ]
}
_LABELS = {"labels": [{"id": "Label_1", "name": "Sales Agent", "type": "user"}]}


def _created(_: str) -> object:
    number = str(next(_IDS))
    return {"id": number, "properties": {"hs_object_id": number}, "archived": False}


def _mail_draft(_: str) -> object:
    number = next(_IDS)
    return {"id": f"r{number}", "message": {"id": f"{number:x}", "threadId": f"{number:x}", "labelIds": ["DRAFT"]}}


def _label_types(_: str) -> object:
    return {
        "results": [{"category": "HUBSPOT_DEFINED", "typeId": TYPE_IDS[link], "label": None} for link in Link],
    }


def _always(answer: object) -> Answer:
    return lambda _: answer


def _table() -> Iterator[tuple[str, re.Pattern[str], int, Answer]]:
    """Every call a lead may make: method, path, status, answer. The person is new to every provider."""
    yield "GET", re.compile(r"/crm/objects/[^/]+/contacts/"), 404, _always({"category": "OBJECT_NOT_FOUND"})
    yield "POST", re.compile(r"/crm/objects/[^/]+/companies/search"), 200, _always({"total": 0, "results": []})
    yield "POST", re.compile(r"/crm/objects/[^/]+/(companies|contacts|tasks|notes)$"), 201, _created
    yield "GET", re.compile(r"/crm/associations/[^/]+/[^/]+/[^/]+/labels"), 200, _label_types
    yield "GET", re.compile(r"/gmail/v1/users/me/threads\?"), 200, _always({"resultSizeEstimate": 0})
    yield "POST", re.compile(r"/gmail/v1/users/me/drafts$"), 200, _mail_draft
    yield "GET", re.compile(r"/gmail/v1/users/me/labels"), 200, _always(_LABELS)
    yield "POST", re.compile(r"/gmail/v1/users/me/threads/[^/]+/modify"), 200, _always({"id": "1"})
    yield "GET", re.compile(r"/drive/v3/files\?"), 200, _always(_FILES)
    yield "GET", re.compile(r"/drive/v3/files/1folder\?"), 200, _always({"parents": ["0root"]})
    yield "GET", re.compile(r"/drive/v3/files/0root\?"), 200, _always({})
    yield "POST", re.compile(r"/calendar/v3/freeBusy"), 200, _always({"calendars": {"primary": {"busy": []}}})


class _Stub:
    """What the stub knows between two calls."""

    def __init__(self) -> None:
        self.latency_seconds, self.is_recording, self.count = 0.0, False, 0
        self.calls: list[Call] = []
        self._table = tuple(_table())

    def answer(self, method: str, target: str, body: str) -> tuple[int, bytes]:
        """Status and body for one call; 501 for one that no lead makes."""
        if target == CONTROL:
            return 200, json.dumps(self._order(method, body)).encode()
        self.count += 1
        if self.is_recording:
            self.calls.append((method, target, body))
        for wanted, path, status, make in self._table:
            if wanted == method and path.match(target):
                return status, json.dumps(make(target)).encode()
        return 501, b'{"message": "the bench has no answer to this call"}'

    def _order(self, method: str, body: str) -> object:
        if method == "PUT":
            order = json.loads(body)
            self.latency_seconds, self.is_recording = order["latency_ms"] / 1000, order["record"]
            self.calls, self.count = [], 0
        return {"calls": self.calls, "count": self.count}


class _Connection(asyncio.Protocol):
    def __init__(self, stub: _Stub) -> None:
        self._stub, self._received = stub, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # pyright: ignore[reportAttributeAccessIssue]

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if length and len(body) < int(length[1]):
            return
        self._received = b""
        method, target, _ = head.split(b" ", 2)
        status, answer = self._stub.answer(method.decode(), target.decode(), body.decode())
        whole = (
            b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(answer))
        ) + answer
        if self._stub.latency_seconds and not target.startswith(CONTROL.encode()):
            asyncio.get_running_loop().call_later(self._stub.latency_seconds, self._transport.write, whole)
        else:
            self._transport.write(whole)


async def _serve(port: int) -> None:
    stub = _Stub()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(stub), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


class Providers:
    """The stub seen from the bench."""

    def __init__(self, port: int) -> None:
        self._port = port

    def set(self, *, latency_ms: int = 0, record: bool = False) -> None:
        """Answer after so long from now on; forget what was counted and recorded."""
        self._ask("PUT", json.dumps({"latency_ms": latency_ms, "record": record}))

    def recorded(self) -> list[Call]:
        """Method, target and body of every call since recording began."""
        return [tuple(call) for call in self._ask("GET", "")["calls"]]

    def count(self) -> int:
        """Calls since the last order."""
        return self._ask("GET", "")["count"]

    def answers(self) -> bool:
        """Whether the stub serves."""
        try:
            self.count()
        except OSError:
            return False
        return True

    def _ask(self, method: str, body: str) -> dict[str, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request(method, CONTROL, body)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
