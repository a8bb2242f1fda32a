"""The dead-letter queue: what gave up, with its context; retried or resolved by a person."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.errors import Conflict, NotFound
from sales_agent.kit.ids import new_id
from sales_agent.kit.storable import storable_text
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.queue.catalog import done_again_by
from sales_agent.pipeline.queue.failed_repository import FailedTaskRepository
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import FailedTask, FailedTaskStatus
from sales_agent.pipeline.queue.repository import JobRepository


class FailedTaskNotFound(NotFound):
    """There is no failed task under this id."""


class FailedTaskClosed(Conflict):
    """This failed task is already resolved, or its job is at work again."""


class FailedTaskNotRetried(Conflict):
    """What it was about has moved on: its job would find nothing to do."""


async def bury(
    session: AsyncSession, job: ClaimedJob, *, code: str, message: str, context: Mapping[str, object]
) -> bool:
    """Close a job as failed and keep what is needed to understand and repeat it; False when the lease was lost.

    What is done again and again for a whole tenant (it has no subject) fails into one open task, however often it does:
    the round goes on, and whoever looks sees it once, with the last error and how often.
    """
    if not await JobRepository(session, job.tenant_id).give_up(job, code=code, message=message):
        return False
    task = FailedTask(
        tenant_id=job.tenant_id,
        id=new_id(),
        job_id=job.job_id,
        kind=job.kind.value,
        subject_id=job.subject_id,
        status=FailedTaskStatus.FAILED,
        error_code=code,
        error=message[:4000],
        context=dict(context),
        retry_count=job.attempts,
    )
    failed = FailedTaskRepository(session, job.tenant_id)
    if job.subject_id is not None or not await failed.fold(task):
        await failed.add(task)
    return True


async def retry(session: AsyncSession, tenant_id: UUID, failed_task_id: UUID, *, by: str) -> FailedTask:
    """Queue the job of a failed task again, with all its retries.

    Raises FailedTaskNotFound, FailedTaskClosed, WorkAlreadyQueued, and FailedTaskNotRetried, which says what to do
    instead.
    """
    task = await _open_task(session, tenant_id, failed_task_id)
    if instead := done_again_by(task.kind):
        raise FailedTaskNotRetried(instead, kind=task.kind, subject_id=task.subject_id)
    if not await JobRepository(session, tenant_id).revive(task.job_id):
        raise FailedTaskClosed
    await FailedTaskRepository(session, tenant_id).mark(task, FailedTaskStatus.MANUAL_RETRY, by=by, notes=None)
    await record(session, tenant_id, AuditEntry("failed_task.retried", actor=by, subject=("failed_task", task.id)))
    return task


async def resolve(
    session: AsyncSession, tenant_id: UUID, failed_task_id: UUID, *, by: str, notes: str | None
) -> FailedTask:
    """Close a failed task without doing it again; raises FailedTaskNotFound, FailedTaskClosed."""
    task = await _open_task(session, tenant_id, failed_task_id)
    kept = None if notes is None else storable_text(notes)
    await FailedTaskRepository(session, tenant_id).mark(task, FailedTaskStatus.RESOLVED, by=by, notes=kept)
    await record(session, tenant_id, AuditEntry("failed_task.resolved", actor=by, subject=("failed_task", task.id)))
    return task


async def _open_task(session: AsyncSession, tenant_id: UUID, failed_task_id: UUID) -> FailedTask:
    task = await FailedTaskRepository(session, tenant_id).locked(failed_task_id)
    if task is None:
        raise FailedTaskNotFound
    if task.status != FailedTaskStatus.FAILED:
        raise FailedTaskClosed
    return task
