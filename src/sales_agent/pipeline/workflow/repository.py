"""Every query on runs and steps. Checkpoints of many runs share one statement, fenced by the lease of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.storable import storable_json, storable_text
from sales_agent.pipeline.workflow.models import RunStatus, StepRun, StepStatus, WorkflowRun
from sales_agent.pipeline.workflow.state import RunFacts
from sales_agent.records.leads.models import Submission

_START = sa.text("""
    insert into workflow_run (tenant_id, id, workflow, version, submission_id, job_id, status, started_at, trace_id)
    values (:tenant, :run_id, :workflow, :version, :submission_id, :job_id, 'running', now(), :trace_id)
    on conflict (tenant_id, id) do update set
        job_id = case when workflow_run.status = 'failed' then excluded.job_id else workflow_run.job_id end,
        status = case when workflow_run.status = 'failed' then 'running' else workflow_run.status end
    returning (xmax = 0) as is_new, status, job_id""")

# `held` locks the jobs' rows, so that a lease cannot change hands between this check and this commit.
_CHECKPOINT = sa.text("""
    with held as (
        select job.id from job
        join unnest(cast(:job_ids as uuid[]), cast(:tokens as bigint[])) as lease(id, token) on job.id = lease.id
        where job.tenant_id = :tenant and job.lease_token = lease.token and job.state = 'running'
        for share of job
    ), stored as (
        insert into step_run (tenant_id, id, run_id, step, number, status, attempt, output, error_code, error,
                              started_at, finished_at, milliseconds)
        select :tenant, r.id, r.run_id, r.step, r.number, r.status, r.attempt, r.output, r.error_code, r.error,
               r.started_at, r.finished_at, r.milliseconds
        from jsonb_to_recordset(cast(:rows as jsonb)) as r(
            job_id uuid, id uuid, run_id uuid, step text, number double precision, status text, attempt bigint,
            output jsonb, error_code text, error text, started_at timestamptz, finished_at timestamptz,
            milliseconds double precision)
        join held on held.id = r.job_id
        on conflict do nothing
    )
    select id from held""")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One attempt on its way into the store."""

    id: UUID
    run_id: UUID
    step: str
    number: float
    status: StepStatus
    attempt: int
    output: object
    error_code: str | None
    error: str | None
    started_at: str
    finished_at: str
    milliseconds: float

    def as_json(self, job_id: UUID) -> dict[str, object]:
        """The row for the checkpoint statement."""
        row: dict[str, object] = {name: storable_json(getattr(self, name)) for name in self.__slots__}
        return row | {"job_id": job_id}


class WorkflowRepository:
    """The runs of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def facts(self, run_id: UUID) -> RunFacts | None:
        """The submission this run was minted with."""
        row = await self._session.scalar(
            sa.select(Submission).where(Submission.tenant_id == self._tenant_id, Submission.run_id == run_id)
        )
        if row is None:
            return None
        return RunFacts(
            run_id=run_id,
            submission_id=row.id,
            trace_id=row.trace_id,
            form_id=row.form_id,
            email=row.email,
            fields={name: str(value) for name, value in row.fields.items()},
            page_title=row.page_title,
            submitted_at=row.submitted_at,
            received_at=row.created_at,
        )

    async def start(self, run: RunFacts, *, workflow: str, version: str, job_id: UUID) -> tuple[bool, RunStatus, UUID]:
        """Insert the run, or make a failed one running again: whether it is new, how it stands, and whose job it is."""
        result = await self._session.execute(
            _START,
            {
                "tenant": self._tenant_id,
                "run_id": run.run_id,
                "workflow": workflow,
                "version": version,
                "submission_id": run.submission_id,
                "job_id": job_id,
                "trace_id": run.trace_id,
            },
        )
        row = result.one()
        return bool(row.is_new), RunStatus(row.status), row.job_id

    async def current_steps(self, run_id: UUID) -> Sequence[StepRun]:
        """Every row of a run that no re-run has superseded, oldest first."""
        rows = await self._session.scalars(
            sa.select(StepRun)
            .where(StepRun.tenant_id == self._tenant_id, StepRun.run_id == run_id, StepRun.superseded_at.is_(None))
            .order_by(StepRun.started_at, StepRun.number)
        )
        return rows.all()

    async def checkpoint(self, leases: Mapping[UUID, int], rows: Sequence[Mapping[str, object]]) -> frozenset[UUID]:
        """Store step rows of jobs whose lease (job id -> token) still holds; the ids of those jobs."""
        result = await self._session.execute(
            _CHECKPOINT,
            {
                "tenant": self._tenant_id,
                "job_ids": list(leases),
                "tokens": list(leases.values()),
                "rows": json.dumps(rows, default=str),
            },
        )
        return frozenset(result.scalars())

    async def finish(
        self, run_id: UUID, status: RunStatus, *, reason: str | None, draft_id: UUID | None = None
    ) -> None:
        """Close a run."""
        await self._session.execute(
            sa.update(WorkflowRun)
            .where(WorkflowRun.tenant_id == self._tenant_id, WorkflowRun.id == run_id)
            .values(
                status=status,
                reason=None if reason is None else storable_text(reason),
                finished_at=sa.func.now(),
                draft_id=sa.func.coalesce(sa.cast(draft_id, sa.Uuid()), WorkflowRun.draft_id),
            )
        )

    async def get(self, run_id: UUID) -> WorkflowRun | None:
        """One run."""
        return await self._session.get(WorkflowRun, (self._tenant_id, run_id))

    async def locked(self, run_id: UUID) -> WorkflowRun | None:
        """One run, locked until the transaction ends."""
        return await self._session.get(WorkflowRun, (self._tenant_id, run_id), with_for_update=True)

    async def supersede(self, run_id: UUID, steps: Sequence[str]) -> None:
        """Set the rows of these steps aside, so that they are run again; nothing is deleted."""
        await self._session.execute(
            sa.update(StepRun)
            .where(StepRun.tenant_id == self._tenant_id, StepRun.run_id == run_id, StepRun.step.in_(steps))
            .where(StepRun.superseded_at.is_(None))
            .values(superseded_at=sa.func.now())
        )

    async def begin_generation(self, run_id: UUID, job_id: UUID) -> None:
        """Mark a run as running again under a new job."""
        await self._session.execute(
            sa.update(WorkflowRun)
            .where(WorkflowRun.tenant_id == self._tenant_id, WorkflowRun.id == run_id)
            .values(
                status=RunStatus.RUNNING,
                reason=None,
                finished_at=None,
                job_id=job_id,
                generation=WorkflowRun.generation + 1,
            )
        )

    async def all_steps(self, run_id: UUID) -> Sequence[StepRun]:
        """Every attempt of a run, superseded ones too, in the order of the clock."""
        rows = await self._session.scalars(
            sa.select(StepRun)
            .where(StepRun.tenant_id == self._tenant_id, StepRun.run_id == run_id)
            .order_by(StepRun.started_at, StepRun.number)
        )
        return rows.all()
