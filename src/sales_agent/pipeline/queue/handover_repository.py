"""The queries that look over all tenants: directory functions that answer ids and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

_HAND_OVER = sa.text("""
    select tenant_id, job_id, kind, queue, trace_id
    from directory.hand_over_jobs(:batch, :max_handed, :timeout_seconds)""")
_DUE_JOBS = sa.text("select coalesce(sum(count), 0) from directory.due_job_count() where state = 'due'")
_TENANTS_TO_SEAL = sa.text("select tenant_id from directory.tenants_to_seal(:batch) as t(tenant_id)")
_TENANTS_TO_ANCHOR = sa.text("select tenant_id from directory.tenants_to_anchor(:batch) as t(tenant_id)")
_TENANTS_TO_TIDY = sa.text("select tenant_id from directory.tenants_with_drafts_to_tidy(:batch) as t(tenant_id)")
_TENANTS_WITH_OPEN_EFFECTS = sa.text(
    "select tenant_id from directory.tenants_with_open_effects(:batch) as t(tenant_id)"
)

_TENANTS_WITH_DRAFTS_IN = sa.text(
    "select tenant_id from directory.tenants_with_drafts_in(:state, :batch) as t(tenant_id)"
)

_TENANTS_WITH_WAITING_SENDS = sa.text(
    "select tenant_id from directory.tenants_with_waiting_sends(:batch) as t(tenant_id)"
)
_TENANTS_TO_WATCH = sa.text("select tenant_id from directory.tenants_to_watch(:batch) as t(tenant_id)")


@dataclass(frozen=True, slots=True)
class HandedJob:
    """What leaves PostgreSQL of a job: Celery is told the ids, the log the trace."""

    tenant_id: UUID
    job_id: UUID
    kind: str
    queue: str
    trace_id: str = ""


class HandoverRepository:
    """Works without a tenant: only the directory functions answer then."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hand_over(self, *, batch: int, max_handed: int, handover_timeout_seconds: float) -> Sequence[HandedJob]:
        """Mark at most `batch` due jobs as handed, having first taken back what was lost on the way."""
        result = await self._session.execute(
            _HAND_OVER,
            {"batch": batch, "max_handed": max_handed, "timeout_seconds": handover_timeout_seconds},
        )
        return [HandedJob(row.tenant_id, row.job_id, row.kind, row.queue, row.trace_id) for row in result]

    async def due_jobs(self) -> int:
        """How many jobs of all tenants are due and not yet handed over."""
        return int((await self._session.execute(_DUE_JOBS)).scalar_one())

    async def tenants_to_seal(self, batch: int) -> Sequence[UUID]:
        """Tenants with audit events outside the chain."""
        return (await self._session.execute(_TENANTS_TO_SEAL, {"batch": batch})).scalars().all()

    async def tenants_to_anchor(self, batch: int) -> Sequence[UUID]:
        """Tenants whose audit trail has grown since its end was last exported."""
        return (await self._session.execute(_TENANTS_TO_ANCHOR, {"batch": batch})).scalars().all()

    async def tenants_with_drafts_to_tidy(self, batch: int) -> Sequence[UUID]:
        """Tenants with drafts that may expire or wake."""
        return (await self._session.execute(_TENANTS_TO_TIDY, {"batch": batch})).scalars().all()

    async def tenants_with_open_effects(self, batch: int) -> Sequence[UUID]:
        """Tenants with outward writes whose end is not known."""
        return (await self._session.execute(_TENANTS_WITH_OPEN_EFFECTS, {"batch": batch})).scalars().all()

    async def tenants_with_drafts_in(self, state: str, batch: int) -> Sequence[UUID]:
        """Tenants with a draft in this state."""
        found = await self._session.execute(_TENANTS_WITH_DRAFTS_IN, {"state": state, "batch": batch})
        return found.scalars().all()

    async def tenants_with_waiting_sends(self, batch: int) -> Sequence[UUID]:
        """Tenants with held mails that time alone lets go."""
        return (await self._session.execute(_TENANTS_WITH_WAITING_SENDS, {"batch": batch})).scalars().all()

    async def tenants_to_watch(self, batch: int) -> Sequence[UUID]:
        """Tenants with drafts in a mailbox, where a person may be at them."""
        return (await self._session.execute(_TENANTS_TO_WATCH, {"batch": batch})).scalars().all()
