"""The load: a client in a process of its own that keeps so many requests under way and times each of them.

It speaks just enough HTTP to be several times faster than what it measures, so that it is never the bottleneck.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass

import uvloop

from bench.figures import percentile
from bench.submissions import Address, Requests

# The length of an answer stands in its head under this name.
_LENGTH = b"content-length: "
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Order:
    """What to do: keep `connections` busy for `seconds`, or until `limit` requests were made."""

    address: Address
    series: str
    connections: int
    seconds: float
    limit: int = 1 << 60


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, latencies in milliseconds, answers that were not 202.

    `cpu_ms` is the processor time of the server for each answer, where it was measured.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    answers: int
    refused: int
    last_refusal: str
    cpu_ms: float = 0.0


class _Run:
    """One order being carried out."""

    def __init__(self, order: Order) -> None:
        self.requests = Requests(order.address, order.series)
        self.limit, self.made, self.refused, self.last_refusal = order.limit, 0, 0, ""
        self.latencies: list[float] = []
        self.stops_at = time.perf_counter() + order.seconds

    def next_request(self) -> bytes | None:
        """Another request, or None when it is enough."""
        if self.made >= self.limit or time.perf_counter() >= self.stops_at:
            return None
        self.made += 1
        return self.requests.make(self.made)


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, run: _Run, done: asyncio.Future[None]) -> None:
        self._run, self._done = run, done
        self._received, self._sent_at = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport: asyncio.WriteTransport = transport  # pyright: ignore[reportAttributeAccessIssue]
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take an answer, whole or in pieces."""
        self._received += data
        head = self._received.find(_HEAD_END)
        if head < 0:
            return
        place = self._received.lower().find(_LENGTH, 0, head) + len(_LENGTH)
        length = int(self._received[place : self._received.find(b"\r", place)])
        if len(self._received) < head + len(_HEAD_END) + length:
            return
        self._run.latencies.append(time.perf_counter() - self._sent_at)
        if self._received[9:12] != b"202":
            self._run.refused += 1
            self._run.last_refusal = self._received.decode(errors="replace")[-300:]
        self._received = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that closes in the middle has failed."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        request = self._run.next_request()
        if request is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


async def carry_out(order: Order) -> Load:
    """Put the load on; raises OSError where a connection fails."""
    loop = asyncio.get_running_loop()
    run, began = _Run(order), time.perf_counter()
    ends: list[asyncio.Future[None]] = []
    for _ in range(order.connections):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda done=done: _Connection(run, done), order.address.host, order.address.port)
        ends.append(done)
    await asyncio.gather(*ends)
    took = time.perf_counter() - began
    milliseconds = sorted(seconds * 1000 for seconds in run.latencies)
    return Load(
        per_second=len(milliseconds) / took,
        p50_ms=percentile(milliseconds, 50),
        p99_ms=percentile(milliseconds, 99),
        answers=len(milliseconds),
        refused=run.refused,
        last_refusal=run.last_refusal,
    )


def main() -> None:
    """Carry out the orders that stand on stdin, one JSON object a line, until it closes; answer likewise."""
    for line in sys.stdin:
        said = json.loads(line)
        order = Order(**{**said, "address": Address(**said["address"])})
        sys.stdout.write(json.dumps(asdict(uvloop.run(carry_out(order)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
