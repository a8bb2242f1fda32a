"""Stopping: the flag first, then every last look is waited for, then every call that may still begin.

Why nothing begins after the answer: docs/decisions/0011.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from sales_agent.access.tenancy.directory_repository import Directory
from sales_agent.connectors.permit import PERMIT_SECONDS
from sales_agent.controls.kill_switch import InstallationSwitch, KillSwitch, KillSwitchStatus
from sales_agent.controls.stop_repository import StopRepository
from sales_agent.controls.workers import GONE_AFTER
from sales_agent.effects.in_flight_repository import InFlightRepository
from sales_agent.effects.repository import EffectRepository
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.drafting.cancel import are_queued, cancel_queued
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue.handover_repository import HandoverRepository

log = structlog.get_logger()

# A permit is asked at the very last moment before a call; this much later its first byte has left, or never will.
MARGIN_SECONDS = 0.5

# Workers are woken and answer within milliseconds; who has not by then is told as not confirmed.
CONFIRM_SECONDS = 1.0

# Whoever is at a queued draft, to claim or to decide, is done within milliseconds; who is not by then hangs.
LET_GO_SECONDS = 2.0

_POLL_SECONDS = 0.05
_TENANTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class StopReport:
    """What a stop found, in numbers.

    `in_flight_when_stopped`: calls that had been let go and had not ended; `in_flight`: those whose end is still not
    known; `workers` live, of which `confirmed` have read this stop; `cancelled` drafts.
    """

    status: KillSwitchStatus
    in_flight_when_stopped: int
    in_flight: int
    workers: int
    confirmed: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a stop has come at this moment. `may_begin`: calls let go so lately that they may begin yet."""

    in_flight: int
    may_begin: int
    workers: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Stopper:
    """Stops one tenant, or everybody."""

    database: Database

    async def stop_tenant(self, tenant_id: UUID, *, by: str, reason: str) -> StopReport:
        """Nothing of the tenant begins after this returns. Raises DatabaseUnavailable: then ask again."""
        async with self.database.transaction(tenant_id) as session:
            epoch = await KillSwitch(session, tenant_id).stop(by=by, reason=reason)
        log.warning("kill_switch.stopped", scope="tenant", tenant_id=str(tenant_id), epoch=epoch)
        (begun, reach), cancelled = await asyncio.gather(
            self._come_to_rest(tenant_id, epoch), self._cancel(tenant_id, by=by, reason=reason)
        )
        async with self.database.transaction(tenant_id) as session:
            status = await KillSwitch(session, tenant_id).status()
        return StopReport(status, begun, reach.in_flight, reach.workers, reach.confirmed, cancelled)

    async def stop_everything(self, *, by: str, reason: str) -> StopReport:
        """Nothing of anybody begins after this returns. Raises DatabaseUnavailable: then ask again."""
        async with self.database.transaction() as session:
            epoch = await InstallationSwitch(session).stop(by=by, reason=reason)
        log.warning("kill_switch.stopped", scope="installation", epoch=epoch)
        (begun, reach), cancelled = await asyncio.gather(
            self._come_to_rest(None, epoch), self._cancel(None, by=by, reason=reason)
        )
        await self.tell_every_tenant("kill_switch.stopped", by=by, epoch=epoch)
        async with self.database.transaction() as session:
            status = await InstallationSwitch(session).status()
        return StopReport(status, begun, reach.in_flight, reach.workers, reach.confirmed, cancelled)

    async def reach(self, tenant_id: UUID | None, epoch: int) -> Reach:
        """What is in flight now, of the tenant or of all, and which workers have read this epoch."""
        window = PERMIT_SECONDS + MARGIN_SECONDS
        async with self.database.transaction(tenant_id) as session:
            if tenant_id is None:
                in_flight, may_begin = await InFlightRepository(session).count(window)
            else:
                in_flight, may_begin = await EffectRepository(session, tenant_id).in_flight(window)
            workers, confirmed = await StopRepository(session).workers(epoch, seen_within=GONE_AFTER)
        return Reach(in_flight, may_begin, workers, confirmed)

    async def tell_every_tenant(self, action: str, *, by: str, epoch: int) -> None:
        """Write into every tenant's own trail what was done to all of them."""
        entry = AuditEntry(action, actor=by, facts={"epoch": epoch, "scope": "installation"})
        async for tenant_id in self._tenants():
            async with self.database.transaction(tenant_id) as session:
                await record(session, tenant_id, entry)

    async def _come_to_rest(self, tenant_id: UUID | None, epoch: int) -> tuple[int, Reach]:
        """How many calls were in flight, and how things stand once each has ended or can no longer begin."""
        began = time.monotonic()
        async with self.database.transaction(tenant_id) as session:
            # Where one hangs for longer than a permit lives, its permit has lapsed before it gets it.
            await StopRepository(session).wait_for_last_looks(tenant_id, at_most_seconds=PERMIT_SECONDS)
        first = reach = await self.reach(tenant_id, epoch)
        while not self._is_at_rest(reach, time.monotonic() - began):
            await asyncio.sleep(_POLL_SECONDS)
            reach = await self.reach(tenant_id, epoch)
        return first.in_flight, reach

    def _is_at_rest(self, reach: Reach, seconds: float) -> bool:
        have_answered = reach.confirmed >= reach.workers or seconds >= CONFIRM_SECONDS
        return reach.may_begin == 0 and have_answered

    async def _cancel(self, tenant_id: UUID | None, *, by: str, reason: str) -> int:
        """Take what is queued out of the line, of the tenant or of all.

        A draft that somebody is at is waited for, though not long: one that hangs there finds the gates closed.
        """
        because = f"stopped: {reason}" if reason else "stopped"
        cancelled, seen, ends = 0, set[UUID](), time.monotonic() + LET_GO_SECONDS
        while found := await self._with_queued(tenant_id):
            if seen.issuperset(found) and time.monotonic() >= ends:
                log.warning("kill_switch.queued_left", tenants=len(found))
                break
            for one in found:
                seen.add(one)
                async with self.database.transaction(one) as session:
                    cancelled += await cancel_queued(session, one, because=because, actor=by)
            await asyncio.sleep(_POLL_SECONDS)
        return cancelled

    async def _with_queued(self, tenant_id: UUID | None) -> Sequence[UUID]:
        async with self.database.transaction(tenant_id) as session:
            if tenant_id is None:
                return await HandoverRepository(session).tenants_with_drafts_in(DraftState.QUEUED, _TENANTS_AT_ONCE)
            return (tenant_id,) if await are_queued(session, tenant_id) else ()

    async def _tenants(self) -> AsyncIterator[UUID]:
        after = UUID(int=0)
        while True:
            async with self.database.transaction() as session:
                page = await Directory(session).tenants_after(after, _TENANTS_AT_ONCE)
            for tenant_id in page:
                yield tenant_id
            if not page:
                return
            after = page[-1]
