"""The schedule: what is looked for again and again, each entry becoming ordinary jobs of the tenants it concerns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.handover_repository import HandoverRepository
from sales_agent.pipeline.queue.outbox import enqueue, new_job

# What is cut off the end of an audit trail goes unnoticed where no anchor has seen it: ten minutes at most, while a
# year of anchors is still a file of a few megabytes.
ANCHOR_SECONDS = 600.0

# Tenants looked after in one tick; the rest come with the next.
TENANTS_A_TICK = 500


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """One row: every so many seconds, a job of `kind` for each tenant that `tenants` finds."""

    name: str
    kind: JobKind
    every_seconds: float
    tenants: Callable[[HandoverRepository, int], Awaitable[Sequence[UUID]]]


SCHEDULE: tuple[ScheduleEntry, ...] = (
    ScheduleEntry("seal_audit", JobKind.SEAL_AUDIT, 5.0, HandoverRepository.tenants_to_seal),
    ScheduleEntry("export_anchors", JobKind.EXPORT_ANCHORS, ANCHOR_SECONDS, HandoverRepository.tenants_to_anchor),
    ScheduleEntry("tidy_drafts", JobKind.TIDY_DRAFTS, 30.0, HandoverRepository.tenants_with_drafts_to_tidy),
    ScheduleEntry("settle_effects", JobKind.SETTLE_EFFECTS, 60.0, HandoverRepository.tenants_with_open_effects),
    ScheduleEntry("release_held", JobKind.RELEASE_HELD, 15.0, HandoverRepository.tenants_with_waiting_sends),
    ScheduleEntry("watch_mailbox", JobKind.WATCH_MAILBOX, 60.0, HandoverRepository.tenants_to_watch),
)


async def tick(database: Database, name: str) -> int:
    """Put one round of an entry's jobs in the outbox; a tenant whose last round is still open gets no second one."""
    entry = next(entry for entry in SCHEDULE if entry.name == name)
    async with database.transaction() as session:
        tenants = await entry.tenants(HandoverRepository(session), TENANTS_A_TICK)
    for tenant_id in tenants:
        async with database.transaction(tenant_id) as session:
            await enqueue(session, tenant_id, new_job(entry.kind, unique_key=entry.name))
    return len(tenants)
