"""The webhook door as a bare ASGI application: every microsecond here is paid by every submission."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import parse_qs

import structlog

from sales_agent.kit.clock import Clock
from sales_agent.kit.db import DatabaseUnavailable
from sales_agent.kit.errors import AppError, TemporarilyUnavailable
from sales_agent.kit.http import PROBLEM_TYPE, problem_bytes
from sales_agent.observability import metrics
from sales_agent.observability.middleware import Receive, Scope, Send
from sales_agent.observability.tracing import current_trace_id
from sales_agent.pipeline.intake.body import read_body
from sales_agent.pipeline.intake.hubspot_form import parse
from sales_agent.pipeline.intake.receive import Received, Receiver
from sales_agent.pipeline.intake.schemas import SubmissionsAnswer, answer
from sales_agent.pipeline.intake.signature import SignedRequest, verify
from sales_agent.pipeline.intake.sources import Sources

log = structlog.get_logger()

# HubSpot waits thirty seconds; whoever needs longer than this to commit is better asked to come again.
STORE_SECONDS = 5.0
RETRY_AFTER_SECONDS = b"10"


class WebhookNotStored(TemporarilyUnavailable):
    """The submission could not be stored just now; deliver it again."""


class FormSubmissionWebhook:
    """POST: 202 once the submission is durable. 401 unsigned, 413 too large, 503 where it could not be stored."""

    def __init__(
        self,
        receiver: Callable[[], Receiver],
        sources: Callable[[], Sources],
        *,
        base_url: str,
        limit: int,
        clock: Clock,
    ) -> None:
        self._receiver = receiver
        self._sources = sources
        self._base_url = base_url
        self._limit = limit
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = time.perf_counter()
        try:
            status, body, kind = 202, await self._accept(scope, receive), b"application/json"
        except AppError as error:
            metrics.WEBHOOK_REFUSED.labels(reason=error.code()).inc()
            log.info("webhook.refused", code=error.code())
            status, body, kind = error.status, problem_bytes(error), PROBLEM_TYPE.encode()
        except Exception:  # our own bug must not make HubSpot give up: a 5xx is delivered again
            log.exception("webhook.failed")
            error = WebhookNotStored()
            status, body, kind = error.status, problem_bytes(error), PROBLEM_TYPE.encode()
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        if status == TemporarilyUnavailable.status:
            headers.append((b"retry-after", RETRY_AFTER_SECONDS))
        metrics.WEBHOOK_SECONDS.observe(time.perf_counter() - begun)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _accept(self, scope: Scope, receive: Receive) -> bytes:
        headers = dict[bytes, bytes](scope["headers"])
        body = await read_body(receive, declared=_length(headers), limit=self._limit)
        query: bytes = scope.get("query_string", b"")
        try:
            async with asyncio.timeout(STORE_SECONDS):
                source = await self._sources().find(_source_key(query))
                verify(
                    self._signed(scope, headers, query, body),
                    secret=source.secret,
                    policy=source.policy,
                    now=self._clock.now(),
                )
                forms = parse(body)
                received = await self._receiver().receive(source.door, forms, trace_id=current_trace_id())
        except (DatabaseUnavailable, TimeoutError) as error:
            raise WebhookNotStored from error
        for item in received:
            metrics.WEBHOOK_ACCEPTED.labels(outcome=_outcome(item)).inc()
        answers = [answer(item) for item in received]
        is_array = body.lstrip()[:1] == b"["
        model = SubmissionsAnswer(items=answers) if is_array else answers[0]
        return model.model_dump_json().encode()

    def _signed(self, scope: Scope, headers: dict[bytes, bytes], query: bytes, body: bytes) -> SignedRequest:
        path: bytes = scope.get("raw_path") or scope["path"].encode()

        def header(name: bytes) -> str:
            return headers.get(name, b"").decode("latin-1")

        return SignedRequest(
            method=scope["method"],
            base_url=self._base_url,
            path_and_query=(path + (b"?" + query if query else b"")).decode("latin-1"),
            body=body,
            signature=header(b"x-hubspot-signature"),
            signature_version=header(b"x-hubspot-signature-version"),
            signature_v3=header(b"x-hubspot-signature-v3"),
            timestamp=header(b"x-hubspot-request-timestamp"),
        )


def _length(headers: dict[bytes, bytes]) -> int | None:
    declared = headers.get(b"content-length", b"")
    return int(declared) if declared.isdigit() else None


def _source_key(query: bytes) -> str:
    return parse_qs(query.decode("latin-1")).get("source", ["default"])[0]


def _outcome(item: Received) -> str:
    return "duplicate" if not item.stored.is_new else (item.stored.reason or "accepted")
