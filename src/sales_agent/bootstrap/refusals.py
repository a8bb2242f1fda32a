"""Refusals in the audit trail: who was refused what, each in a transaction of its own, and never without limit."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from fastapi import Request

from sales_agent.access.auth.principal import Principal
from sales_agent.kit.db import Database
from sales_agent.kit.errors import AppError, NotAuthenticated
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.observability.middleware import route_template

log = structlog.get_logger()

# Nobody who works here is refused this often; a program gone wild, or a guesser, is counted from then on.
MOST_A_MINUTE = 20
WINDOW_SECONDS = 60.0

# An answer does not wait longer than this for its refusal to be written down.
WRITE_SECONDS = 1.0

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Refused for who asks, whatever was asked for; and what only a change can be refused with. A request that cannot be
# understood (400, 422) was not refused, it was not understood.
FOR_WHO_ASKS = frozenset({401, 403})
FOR_WHAT_IS_ASKED = frozenset({404, 409, 412, 423, 429})


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a refusal belongs to."""

    tenant_id: UUID
    actor: str


@dataclass(slots=True)
class _Window:
    """What one caller was refused since `began`: the first are written one by one, the rest are counted."""

    began: float
    written: int = 0
    folded: int = 0


class RefusalLog:
    """Writes refusals of known callers down. Never raises, and never fails the answer."""

    def __init__(self, *, most: int = MOST_A_MINUTE, window_seconds: float = WINDOW_SECONDS) -> None:
        self._most = most
        self._window_seconds = window_seconds
        self._windows: dict[Caller, _Window] = {}
        self._counting: set[asyncio.Task[None]] = set()
        self._is_closing = asyncio.Event()

    async def note(self, database: Database, caller: Caller, facts: Mapping[str, object]) -> None:
        """Record one refusal, or count it where this caller has had too many; the count follows in one event."""
        window = self._window(caller)
        if window.written < self._most:
            window.written += 1
            await _write(database, caller, facts)
            return
        window.folded += 1
        if window.folded == 1:
            counting = asyncio.create_task(self._write_count(database, caller, window))
            self._counting.add(counting)
            counting.add_done_callback(self._counting.discard)

    async def close(self) -> None:
        """Write the counts that are still open."""
        self._is_closing.set()
        await asyncio.gather(*self._counting)

    def _window(self, caller: Caller) -> _Window:
        now = time.monotonic()
        window = self._windows.get(caller)
        if window is None or now - window.began >= self._window_seconds:
            # Those that ended are forgotten when another begins, so that the callers of old days take no room.
            self._windows = {
                one: kept for one, kept in self._windows.items() if now - kept.began < self._window_seconds
            }
            window = self._windows[caller] = _Window(now)
        return window

    async def _write_count(self, database: Database, caller: Caller, window: _Window) -> None:
        """Once the window is over, or at the end of this process."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, window.began + self._window_seconds - time.monotonic())):
                await self._is_closing.wait()
        await _write(database, caller, {"code": "too_many", "folded": window.folded})


async def note_refusal(request: Request, *, status: int, code: str, error: AppError | None = None) -> None:
    """Write a refused request down, where it belongs to somebody we know: method, route and code, nobody's data."""
    is_refusal = status in FOR_WHO_ASKS or (status in FOR_WHAT_IS_ASKED and request.method not in READING)
    caller = _caller_of(request, error) if is_refusal else None
    if caller is None:
        return
    facts = {"method": request.method, "route": route_template(request.scope), "status": status, "code": code}
    refusals: RefusalLog = request.app.state.refusals
    await refusals.note(request.app.state.container.database, caller, facts)


def _caller_of(request: Request, error: AppError | None) -> Caller | None:
    principal: Principal | None = getattr(request.state, "caller", None)
    if principal is not None:
        return Caller(principal.tenant_id, principal.actor)
    if isinstance(error, NotAuthenticated) and error.tenant_id is not None:
        return Caller(error.tenant_id, error.actor)
    return None


async def _write(database: Database, caller: Caller, facts: Mapping[str, object]) -> None:
    try:
        async with asyncio.timeout(WRITE_SECONDS), database.transaction(caller.tenant_id) as session:
            await record(session, caller.tenant_id, AuditEntry("request.refused", actor=caller.actor, facts=facts))
    except Exception as error:  # noqa: BLE001 - the refusal stands, whether or not it could be written down
        log.warning("audit.refusal_lost", tenant_id=str(caller.tenant_id), error=type(error).__name__)
