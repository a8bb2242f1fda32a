"""The engine: begins or resumes a run, carries its steps, closes it. What the steps are is the table's business."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.clock import Clock
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotFound
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.observability import metrics
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.checkpoint import Checkpoints
from sales_agent.pipeline.workflow.execution import Execution
from sales_agent.pipeline.workflow.hook import StepHook
from sales_agent.pipeline.workflow.models import RunStatus, StepRun
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from sales_agent.pipeline.workflow.state import RunFacts, RunState
from sales_agent.pipeline.workflow.step import Step

log = structlog.get_logger()

Provide = Callable[[ClaimedJob, RunFacts], Awaitable[Mapping[str, Any]]]


class RunWithoutSubmission(NotFound):
    """This run belongs to no submission."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A table of steps with its name and version."""

    name: str
    version: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Engine:
    """Runs a workflow so that it may die anywhere and go on from there.

    `provide(job, run)` opens what steps name beside each other's outputs (readers, effects, agents, clock, ...).
    """

    database: Database
    workflow: Workflow
    provide: Provide
    checkpoints: Checkpoints
    hook: StepHook
    clock: Clock
    may_retry_seconds: Sequence[float]

    async def run(self, job: ClaimedJob) -> RunStatus:
        """Carry the run of this job to its end; raises what a Must step could not get over."""
        facts, status, carrier, rows = await self._begin(job)
        if status is not RunStatus.RUNNING:
            return status
        if carrier != job.job_id:  # run again from a step, and its old job revived beside: one of them is enough
            log.info("run.carried_by_another", run_id=str(facts.run_id), carrier=str(carrier))
            return status
        with structlog.contextvars.bound_contextvars(run_id=str(facts.run_id)):
            execution = Execution(
                job=job,
                run=facts,
                steps=self.workflow.steps,
                provided=await self.provide(job, facts),
                checkpoints=self.checkpoints,
                hook=self.hook,
                clock=self.clock,
                may_retry_seconds=self.may_retry_seconds,
            )
            execution.restore(rows)
            await execution.carry()
            return await self._end(job, facts, execution.state)

    async def _begin(self, job: ClaimedJob) -> tuple[RunFacts, RunStatus, UUID, Sequence[StepRun]]:
        if job.subject_id is None:
            raise RunWithoutSubmission
        async with self.database.transaction(job.tenant_id) as session:
            await _fence(session, job)
            runs = WorkflowRepository(session, job.tenant_id)
            facts = await runs.facts(job.subject_id)
            if facts is None:
                raise RunWithoutSubmission
            is_new, status, carrier = await runs.start(
                facts, workflow=self.workflow.name, version=self.workflow.version, job_id=job.job_id
            )
            if is_new:
                await record(session, job.tenant_id, _entry("run.started", facts))
                return facts, status, carrier, ()
            return facts, status, carrier, await runs.current_steps(facts.run_id)

    async def _end(self, job: ClaimedJob, run: RunFacts, state: RunState) -> RunStatus:
        ended_early = state.valid.ends_run_as if state.valid is not None else None
        status = ended_early or RunStatus.COMPLETED
        reason = state.valid.reason if state.valid is not None and ended_early else None
        draft_id = state.draft.draft_id if state.draft is not None else None
        async with self.database.transaction(job.tenant_id) as session:
            await _fence(session, job)
            await WorkflowRepository(session, job.tenant_id).finish(
                run.run_id, status, reason=reason, draft_id=draft_id
            )
            await record(session, job.tenant_id, _entry(f"run.{status}", run, reason=reason))
        metrics.RUNS.labels(outcome=status.value).inc()
        metrics.RUN_SECONDS.labels(outcome=status.value).observe(
            max(0.0, (self.clock.now() - run.received_at).total_seconds())
        )
        log.info("run.finished", status=status.value, reason=reason)
        return status


async def mark_failed(session: AsyncSession, job: ClaimedJob, code: str, message: str) -> None:
    """Close the run of a job that gave up, in the transaction in which it gave up."""
    if job.subject_id is None:
        return
    runs = WorkflowRepository(session, job.tenant_id)
    facts, run = await runs.facts(job.subject_id), await runs.locked(job.subject_id)
    if facts is not None and (run is None or run.job_id == job.job_id):
        await runs.finish(facts.run_id, RunStatus.FAILED, reason=f"{code}: {message}"[:500])
        await record(session, job.tenant_id, _entry("run.failed", facts, error_code=code))
        metrics.RUNS.labels(outcome=RunStatus.FAILED.value).inc()


async def _fence(session: AsyncSession, job: ClaimedJob) -> None:
    if not await JobRepository(session, job.tenant_id).holds(job):
        raise LeaseLost


def _entry(action: str, run: RunFacts, **facts: object) -> AuditEntry:
    return AuditEntry(action, subject=("run", run.run_id), run_id=run.run_id, trace_id=run.trace_id, facts=facts)
