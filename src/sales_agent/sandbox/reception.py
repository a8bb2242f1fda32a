"""Receives every request: parses it, asks for a fault, has it performed, journals it, and lets the answer go."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiMapping

from sales_agent.sandbox.faults import Fault, FaultKind
from sales_agent.sandbox.journal import ANSWER_CHARACTERS, redacted_body, redacted_headers
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.performing import Performer, Request
from sales_agent.sandbox.sandbox import Sandbox
from sales_agent.sandbox.spoiling import dropped, encoded, held, spoiled, whole
from sales_agent.sandbox.wire import Answer

_READING = {"GET", "HEAD"}


class _Query:
    def __init__(self, given: MultiMapping[str]) -> None:
        self._given = given

    def get(self, key: str, default: str = "", /) -> str:
        return self._given.get(key, default)

    def all(self, key: str) -> list[str]:
        return list(self._given.getall(key, ()))

    def shown(self) -> JsonObject:
        """For the journal: a list where a key stood more than once."""
        keys = dict.fromkeys(self._given)
        return {key: found if len(found := self.all(key)) > 1 else found[0] for key in keys}


async def read_request(request: web.BaseRequest) -> Request:
    """The request with its body parsed by its content type."""
    data = await request.read() if request.body_exists else b""
    body, is_unreadable = _parsed(data, request.content_type)
    path = request.raw_path.partition("?")[0]
    return Request(request.method, path, _Query(request.query), request.headers, body, is_unreadable)


def _parsed(data: bytes, content_type: str) -> tuple[Any, bool]:
    if not data:
        return None, False
    text = data.decode("utf-8", errors="replace")
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True)), False
    try:
        return json.loads(text), False
    except ValueError:
        return text, True


class Reception:
    """The door for vendors' traffic; the control API has its own."""

    def __init__(self, sandbox: Sandbox, performer: Performer) -> None:
        self._sandbox, self._performer = sandbox, performer

    async def handle(self, raw: web.BaseRequest) -> web.StreamResponse:
        request = await read_request(raw)
        fault = self._sandbox.faults.catch(request.provider, request.method, request.path)
        if fault is None:
            return whole(self._act(request))
        if fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
            return whole(self._act(request, fault))
        if not fault.acts:
            return await self._without_acting(raw, request, fault)
        answer = self._act(request, fault)
        if fault.kind is FaultKind.ACT_THEN_STATUS:
            return whole(_ordered(request, fault))
        return await spoiled(raw, answer, fault)

    async def _without_acting(self, raw: web.BaseRequest, request: Request, fault: Fault) -> web.StreamResponse:
        if fault.kind is FaultKind.STATUS:
            answer = _ordered(request, fault)
            self._write(request, answer, fault)
            await asyncio.sleep(fault.seconds)
            return whole(answer)
        self._write(request, None, fault)
        if fault.kind is FaultKind.HOLD_BEFORE:
            await held(fault)
        return dropped(raw)

    def _act(self, request: Request, fault: Fault | None = None) -> Answer:
        answer = self._performer.perform(request, self._sandbox.world, fault)
        self._write(request, answer, fault)
        if request.method not in _READING:
            self._sandbox.changed()
        return answer

    def _write(self, request: Request, answer: Answer | None, fault: Fault | None) -> None:
        journal = self._sandbox.journal
        shown = encoded(answer)[: ANSWER_CHARACTERS * 4].decode("utf-8", errors="replace") if answer else None
        query = request.query.shown() if isinstance(request.query, _Query) else {}
        journal.write(
            {
                "time": journal.now().isoformat(timespec="milliseconds"),
                "provider": request.provider,
                "method": request.method,
                "path": request.path,
                "query": query,
                "headers": redacted_headers(request.headers),
                "body": redacted_body(request.body),
                "status": answer.status if answer else None,
                "answer": shown[:ANSWER_CHARACTERS] if shown is not None else None,
                "fault": fault.kind if fault else None,
                "acted": fault is None or fault.acts,
            }
        )


def _ordered(request: Request, fault: Fault) -> Answer:
    """The status an order asks for, in the vendor's own words unless the order brings a body."""
    if fault.body is not None:
        return Answer(fault.body, fault.status, fault.headers)
    vendor = request.vendor
    words = vendor.error_of_status(fault.status, fault.reason) if vendor else Answer(None, fault.status)
    return Answer(words.body, fault.status, {**words.headers, **fault.headers})
