"""The outbox: a job row in the acting transaction; what is not committed was never asked for."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.catalog import SPECS, JobKind
from sales_agent.pipeline.queue.repository import JobRepository, NewJob


def new_job(
    kind: JobKind,
    *,
    subject_id: UUID | None = None,
    job_id: UUID | None = None,
    unique_key: str | None = None,
    trace_id: str = "",
    delay_seconds: float = 0.0,
) -> NewJob:
    """A job of a kind, on the queue the catalog gives it, due after `delay_seconds` by the database's clock."""
    return NewJob(
        id=job_id or new_id(),
        kind=kind,
        queue=SPECS[kind].queue.value,
        subject_id=subject_id,
        unique_key=unique_key,
        trace_id=trace_id,
        delay_seconds=delay_seconds,
    )


async def enqueue(session: AsyncSession, tenant_id: UUID, *jobs: NewJob) -> frozenset[UUID]:
    """Put jobs in the outbox of the acting transaction; the ids that were new."""
    return await JobRepository(session, tenant_id).enqueue(jobs)
