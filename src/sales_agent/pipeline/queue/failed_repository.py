"""Every query on failed tasks."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.queue.models import FailedTask, FailedTaskStatus


class FailedTaskRepository:
    """The dead-letter queue of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, task: FailedTask) -> None:
        """Insert one."""
        self._session.add(task)
        await self._session.flush()

    async def fold(self, task: FailedTask) -> bool:
        """Put a failure into the open task of the same kind without a subject; False where there is none.

        It points to the newest job, so that a retry repeats that one; `times` in its context counts.
        """
        times = sa.func.coalesce(FailedTask.context["times"].as_integer(), 1) + 1
        folded = await self._session.execute(
            sa.update(FailedTask)
            .where(FailedTask.tenant_id == self._tenant_id, FailedTask.kind == task.kind)
            .where(FailedTask.subject_id.is_(None), FailedTask.status == FailedTaskStatus.FAILED)
            .values(
                job_id=task.job_id,
                error_code=task.error_code,
                error=task.error,
                context=sa.cast(task.context, pg.JSONB).op("||")(sa.func.jsonb_build_object(sa.text("'times'"), times)),
                retry_count=task.retry_count,
            )
            .returning(FailedTask.id)
            .execution_options(synchronize_session=False)
        )
        return folded.first() is not None

    async def locked(self, failed_task_id: UUID) -> FailedTask | None:
        """One, locked until the transaction ends, so that two retries at once become one."""
        return await self._session.get(FailedTask, (self._tenant_id, failed_task_id), with_for_update=True)

    async def mark(self, task: FailedTask, status: FailedTaskStatus, *, by: str, notes: str | None) -> None:
        """Set the status with who and when."""
        await self._session.execute(
            sa.update(FailedTask)
            .where(FailedTask.tenant_id == self._tenant_id, FailedTask.id == task.id)
            .values(status=status, resolved_at=sa.func.now(), resolved_by=by, notes=notes)
        )
        await self._session.refresh(task)

    async def page(
        self, *, status: FailedTaskStatus | None, limit: int, offset: int
    ) -> tuple[int, Sequence[FailedTask]]:
        """The count of all that match, and one page of them, newest first."""
        matching = sa.select(FailedTask).where(FailedTask.tenant_id == self._tenant_id)
        if status is not None:
            matching = matching.where(FailedTask.status == status)
        total = await self._session.scalar(sa.select(sa.func.count()).select_from(matching.subquery()))
        rows = await self._session.scalars(
            matching.order_by(FailedTask.created_at.desc(), FailedTask.id.desc()).limit(limit).offset(offset)
        )
        return total or 0, rows.all()
