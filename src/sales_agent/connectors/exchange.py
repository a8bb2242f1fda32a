"""One request and its answer over aiohttp, every way it can go wrong turned into the errors of this floor."""

import datetime as dt
import json
from collections.abc import Mapping
from http import HTTPStatus
from types import SimpleNamespace
from typing import cast

import aiohttp
from yarl import URL

from sales_agent.connectors.answer import JsonObject
from sales_agent.connectors.call import ProviderCall
from sales_agent.connectors.errors import Permanent, Transient
from sales_agent.connectors.vendor import Refusal
from sales_agent.connectors.waiting import retry_after_seconds

# A thread of a hundred long mails stays below this; a larger answer is a fault, and would hurt the other leads.
MAX_ANSWER_BYTES = 10 * 1024 * 1024

# A provider whose socket does not open within this time is away; the total limit is for slow answers.
CONNECT_SECONDS = 5.0

_CHUNK_BYTES = 64 * 1024


class Sent:
    """Remembers whether anything of a request was written: until then the provider cannot have acted."""

    __slots__ = ("status", "written")

    def __init__(self) -> None:
        self.written = False
        self.status: int | None = None


def note_when_written() -> aiohttp.TraceConfig:
    """A trace for the session: marks the `Sent` that a request carries as its context."""
    trace = aiohttp.TraceConfig()

    async def mark(
        _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        cast("Sent", context.trace_request_ctx).written = True

    trace.on_request_headers_sent.append(mark)
    return trace


class ConnectionBroke(aiohttp.ClientError):
    """A connection broke after it was opened."""


async def ask_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A middleware for the session: aiohttp asks again by itself, uncounted, when a kept connection breaks."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionBroke(type(error).__name__) from error


async def exchange(
    session: aiohttp.ClientSession, call: ProviderCall, sent: Sent, *, seconds: float, now: dt.datetime
) -> JsonObject:
    """The answer's JSON object ({} for an empty 2xx). Redirects are not followed.

    Raises:
        ProviderError: in every other case; a Transient says whether the request may have been acted upon.
    """
    try:
        async with session.request(
            call.method,
            URL(call.url(), encoded=True),
            data=_body(call),
            headers=_headers(call),
            timeout=_limits(call, seconds),
            allow_redirects=False,
            trace_request_ctx=sent,
        ) as response:
            sent.status = response.status
            return _read(call, response.status, response.headers, await _bytes(response), now)
    except TimeoutError as error:
        raise _lost("no answer in time", call, sent) from error
    except aiohttp.InvalidURL as error:
        raise Permanent("the base URL is not a URL", provider=call.vendor.name) from error
    except (aiohttp.ClientError, OSError) as error:
        raise _lost(str(error) if isinstance(error, ConnectionBroke) else type(error).__name__, call, sent) from error
    except _Oversized as error:
        raise _lost("the answer is too large", call, sent) from error


def _limits(call: ProviderCall, seconds: float) -> aiohttp.ClientTimeout:
    """`connect` ends waiting for a connection, free or new; once there is one, the request is written at once."""
    return aiohttp.ClientTimeout(
        total=seconds, connect=call.begins_within_seconds, sock_connect=min(CONNECT_SECONDS, seconds)
    )


class _Oversized(Exception):
    """More bytes than an answer of any provider has."""


def _lost(detail: str, call: ProviderCall, sent: Sent) -> Transient:
    return Transient(detail, provider=call.vendor.name, http_status=sent.status, may_have_acted=sent.written)


def _body(call: ProviderCall) -> aiohttp.FormData | bytes | None:
    if call.form is not None:
        return aiohttp.FormData(dict(call.form))
    return None if call.json is None else json.dumps(call.json).encode()


def _headers(call: ProviderCall) -> dict[str, str]:
    kind = {"Content-Type": "application/json"} if call.json is not None else {}
    return {"Accept": "application/json", **kind, **call.headers}


async def _bytes(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise _Oversized
    return bytes(body)


def _read(call: ProviderCall, status: int, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> JsonObject:
    found = _json_object(body)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        if found is None and (body or status == HTTPStatus.OK):
            raise Transient("the answer is not a JSON object", provider=call.vendor.name, http_status=status)
        return found or {}
    raise call.vendor.error(Refusal(call.vendor.name, status, headers, found or {}, retry_after_seconds(headers, now)))


def _json_object(body: bytes) -> JsonObject | None:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("JsonObject", found) if isinstance(found, dict) else None
