"""One trace id from the webhook to the last step, in the form of W3C Trace Context."""

import os
import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?", re.DOTALL)
# What we answer back and write to logs must be harmless, whoever chose it.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_NO_TRACE = b"0" * 32
_NO_SPAN = b"0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """Where we are: `trace_id` (32 hex) is the same in every process a lead passes, `span_id` (16 hex) is ours.

    `request_id` is the caller's own id of an HTTP request, or our span id.
    """

    trace_id: str
    span_id: str
    request_id: str

    def traceparent(self) -> str:
        """The header another process continues from; also the value of `traceresponse`."""
        return f"00-{self.trace_id}-{self.span_id}-01"


_current: ContextVar[Trace | None] = ContextVar("sales_agent_trace", default=None)


def new_trace_id() -> str:
    """32 random hex digits."""
    return os.urandom(16).hex()


def trace_from(headers: Iterable[tuple[bytes, bytes]]) -> Trace:
    """The caller's trace continued, or a new one; headers as ASGI gives them, names in lower case."""
    trace_id = request_id = None
    for name, value in headers:
        if name == b"traceparent":
            trace_id = _parse(value)
        elif name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            request_id = value.decode("ascii")
    return _begun(trace_id, request_id)


def continued(trace_id: str | None) -> Trace:
    """A trace with a span of its own under this id, as it was stored with a job; a new trace without one."""
    return _begun(trace_id, None)


def current_trace() -> Trace | None:
    """The trace of this task, None outside of any."""
    return _current.get()


def current_trace_id() -> str:
    """The trace id of this task, or a new one: whoever stores it for later always has one to store."""
    trace = _current.get()
    return trace.trace_id if trace else new_trace_id()


def enter(trace: Trace) -> Token[Trace | None]:
    """Make the trace current until `leave`; `use_trace` reads better wherever speed does not matter."""
    return _current.set(trace)


def leave(token: Token[Trace | None]) -> None:
    """Back to what was current before `enter`."""
    _current.reset(token)


@contextmanager
def use_trace(trace: Trace) -> Generator[Trace]:
    """The trace is current inside the block."""
    token = enter(trace)
    try:
        yield trace
    finally:
        leave(token)


def _begun(trace_id: str | None, request_id: str | None) -> Trace:
    noise = os.urandom(24).hex()
    span_id = noise[32:]
    return Trace(trace_id or noise[:32], span_id, request_id or span_id)


def _parse(traceparent: bytes) -> str | None:
    """The trace id; None for anything the specification calls invalid."""
    match = _TRACEPARENT.fullmatch(traceparent.strip())
    if match is None:
        return None
    version, trace_id, span_id, rest = match.groups()
    if version == b"ff" or (version == b"00" and rest) or trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return trace_id.decode("ascii")
