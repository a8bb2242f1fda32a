"""How an answer goes out: whole and well, or spoiled in the way a fault order says."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sales_agent.sandbox.faults import LONGEST_HOLD_SECONDS, Fault, FaultKind
from sales_agent.sandbox.wire import Answer

# The size of a huge answer, in bytes: more than any honest one.
HUGE_BYTES = 10_000_000
# An endless answer grows by so many bytes at a time, a hundred times a second.
_ENDLESS_PIECE = b" " * 1024
_HTML = b"<!DOCTYPE html><html><body><h1>We'll be right back</h1></body></html>"


def encoded(answer: Answer) -> bytes:
    body = answer.body
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def whole(answer: Answer) -> web.Response:
    headers = {"Content-Type": "application/json; charset=UTF-8", **answer.headers}
    return web.Response(body=encoded(answer), status=answer.status, headers=headers)


def dropped(request: web.BaseRequest) -> web.Response:
    """Close the connection; what is returned goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def held(fault: Fault) -> None:
    """Wait until the order is withdrawn, or its seconds are over."""
    seconds = fault.seconds or LONGEST_HOLD_SECONDS
    try:
        await asyncio.wait_for(fault.released.wait(), seconds)
    except TimeoutError:
        return


async def spoiled(request: web.BaseRequest, answer: Answer, fault: Fault) -> web.StreamResponse:
    """The answer to a caught request that was performed."""
    kind = fault.kind
    if kind is FaultKind.ACT_THEN_DROP:
        return dropped(request)
    if kind is FaultKind.ACT_THEN_HOLD:
        await held(fault)
        return whole(answer)
    if kind is FaultKind.TRUNCATED:
        return await _truncated(request, answer)
    if kind in {FaultKind.DRIP, FaultKind.ENDLESS}:
        return await _trickled(request, answer, fault)
    return _odd(answer, fault)


def _odd(answer: Answer, fault: Fault) -> web.Response:
    good = encoded(answer)
    bodies: dict[FaultKind, Any] = {
        FaultKind.MALFORMED: good[:-1] + b',"',
        FaultKind.EMPTY: b"",
        FaultKind.HTML: _HTML,
        FaultKind.WRONG_SCHEMA: b'{"unexpected": [{"shape": true}], "id": 7}',
        FaultKind.HUGE: good[:-1] + b" " * HUGE_BYTES + good[-1:],
    }
    if fault.kind not in bodies:
        return whole(answer)
    is_html = fault.kind is FaultKind.HTML
    headers = {"Content-Type": "text/html; charset=UTF-8" if is_html else "application/json; charset=UTF-8"}
    return web.Response(body=bodies[fault.kind], status=HTTPStatus.OK, headers={**headers, **fault.headers})


async def _truncated(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """All headers, a length for the whole, and half of it."""
    body = encoded(answer)
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return response


async def _trickled(request: web.BaseRequest, answer: Answer, fault: Fault) -> web.StreamResponse:
    """One byte a second, or blanks without end, until `seconds` are over or the other side gives up."""
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    is_drip = fault.kind is FaultKind.DRIP
    body, pause = encoded(answer), 1.0 if is_drip else 0.01
    loop = asyncio.get_running_loop()
    ends = loop.time() + (fault.seconds or LONGEST_HOLD_SECONDS)
    at = 0
    while loop.time() < ends and not fault.released.is_set() and (not is_drip or at < len(body)):
        await response.write(body[at : at + 1] if is_drip else _ENDLESS_PIECE)
        at += 1
        await asyncio.sleep(pause)
    if request.transport and (not is_drip or at < len(body)):
        request.transport.close()
    return response
