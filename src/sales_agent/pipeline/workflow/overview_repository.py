"""Every query that people look at runs with: the submission beside its run, from the moment it is stored."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.pagination import Cursor, Page
from sales_agent.pipeline.workflow.models import RunStatus, WorkflowRun
from sales_agent.records.leads.models import Submission, SubmissionState


@dataclass(frozen=True, slots=True)
class RunOverview:
    """A submission that a run answers, and that run once a worker has begun it."""

    submission: Submission
    run: WorkflowRun | None


class RunOverviewRepository:
    """The runs of one tenant as people see them: a run is pending until its row exists."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, run_id: UUID) -> RunOverview | None:
        """One run by its id, which was minted with the submission."""
        found = await self._session.execute(self._accepted().where(Submission.run_id == run_id))
        row = found.one_or_none()
        return None if row is None else RunOverview(*row)

    async def page(
        self, *, status: RunStatus | None, is_pending: bool, after: Cursor | None, limit: int
    ) -> Page[RunOverview]:
        """Runs, newest submission first; `is_pending`: only those that no worker has begun.

        Submissions carry time-ordered ids, so the primary key gives the order without a sort.
        """
        matching = self._accepted()
        if status is not None:
            matching = matching.where(WorkflowRun.status == status)
        if is_pending:
            matching = matching.where(WorkflowRun.id.is_(None))
        if after is not None:
            matching = matching.where(Submission.id < after.id)
        found = await self._session.execute(matching.order_by(Submission.id.desc()).limit(limit + 1))
        rows = [RunOverview(*row) for row in found]
        last = rows[limit - 1].submission if len(rows) > limit else None
        return Page(rows[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)

    def _accepted(self) -> sa.Select[Submission, WorkflowRun]:
        run_of_it = sa.and_(WorkflowRun.tenant_id == Submission.tenant_id, WorkflowRun.id == Submission.run_id)
        return (
            sa.select(Submission, WorkflowRun)
            .outerjoin(WorkflowRun, run_of_it)
            .where(Submission.tenant_id == self._tenant_id, Submission.state == SubmissionState.ACCEPTED)
        )
