"""The one transport: every call to a provider is made, timed and logged here, without addresses; reads are retried."""

import asyncio
import time
from collections.abc import Sequence

import aiohttp
import structlog

from sales_agent.connectors.answer import JsonObject
from sales_agent.connectors.call import CallRecord, OnCall, ProviderCall, Retry, tell_nobody
from sales_agent.connectors.errors import ProviderError, RateLimited, Transient
from sales_agent.connectors.exchange import Sent, ask_once, exchange, note_when_written
from sales_agent.connectors.waiting import with_jitter
from sales_agent.kit.clock import Clock, SystemClock

# Half of the leads one worker holds may wait for a provider at the same moment; idle sockets cost little.
_MAX_CONNECTIONS = 500

# Shorter than the idle time after which the providers close a connection, so that a write rarely meets a closing one.
_KEEPALIVE_SECONDS = 15.0

# A step may sleep this long for a provider; a longer wait is the queue's business.
LONGEST_SLEEP_SECONDS = 10.0

_log = structlog.stdlib.get_logger(__name__)


class Transport:
    """One for a process: its connections are shared by all tenants, its memory of them is not (no cookies).

    `timeout_seconds` is the time one call may take, quick retries of a read included; `retry_waits` are the waits
    between them.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float = 20.0,
        retry_waits: Sequence[float] = (0.3, 1.0, 3.0),
        on_call: OnCall = tell_nobody,
        clock: Clock | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._retry_waits = tuple(retry_waits)
        self._on_call = on_call
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def call(self, call: ProviderCall) -> JsonObject:
        """The answer's JSON object.

        Raises:
            ProviderError: see connectors.errors. A read's Transient never says that something may have been done.
        """
        deadline = time.monotonic() + self._timeout_seconds * call.patience
        waits = self._retry_waits if call.retry is Retry.READ else ()
        for wait in waits:
            try:
                return await self._attempt(call, deadline)
            except (Transient, RateLimited) as error:
                await _sleep_before_next(error, wait, deadline)
        return await self._attempt(call, deadline)

    async def close(self) -> None:
        """Close every connection; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _attempt(self, call: ProviderCall, deadline: float) -> JsonObject:
        sent = Sent()
        began = time.monotonic()
        outcome = "cancelled"
        try:
            answer = await exchange(
                self._open_session(), call, sent, seconds=max(deadline - began, 0.001), now=self._clock.now()
            )
            outcome = "ok"
            return answer
        except ProviderError as error:
            outcome = error.error_class
            if isinstance(error, Transient) and call.retry is Retry.READ:
                error.may_have_acted = False
            raise
        finally:
            self._tell(CallRecord(call.vendor.name, call.method, call.path, outcome, sent.status, _since(began)))

    def _open_session(self) -> aiohttp.ClientSession:
        # Made at the first call: a session belongs to the event loop it was made in.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_MAX_CONNECTIONS, keepalive_timeout=_KEEPALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "sales-agent"},
                trace_configs=[note_when_written()],
                middlewares=[ask_once],
            )
        return self._session

    def _tell(self, record: CallRecord) -> None:
        log = _log.info if record.outcome == "ok" else _log.warning
        log(
            "provider.called",
            provider=record.vendor,
            method=record.method,
            path=record.path,
            status=record.status,
            outcome=record.outcome,
            ms=round(record.seconds * 1000, 1),
        )
        self._on_call(record)


def _since(began: float) -> float:
    return time.monotonic() - began


async def _sleep_before_next(error: Transient | RateLimited, wait: float, deadline: float) -> None:
    """Sleeps until the next attempt; raises the error where that would take too long for a step."""
    asked = error.retry_after_seconds
    seconds = with_jitter(max(wait, asked))
    if asked > LONGEST_SLEEP_SECONDS or time.monotonic() + seconds >= deadline:
        raise error
    await asyncio.sleep(seconds)
