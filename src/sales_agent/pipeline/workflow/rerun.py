"""Running a run again from a step: its later outputs are set aside, finished outward writes stay finished."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.errors import Conflict, InvalidInput, NotFound
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from sales_agent.pipeline.workflow.step import Step


class RunNotFound(NotFound):
    """There is no run under this id."""


class RunStillRunning(Conflict):
    """This run is being carried right now; wait until it has ended."""


class StepUnknown(InvalidInput):
    """This workflow has no step of that name."""


async def rerun(
    session: AsyncSession, tenant_id: UUID, run_id: UUID, *, from_step: str, steps: Sequence[Step], by: str
) -> UUID:
    """Queue the run again from `from_step` on; its new job. Raises RunNotFound, RunStillRunning, StepUnknown."""
    runs = WorkflowRepository(session, tenant_id)
    run = await runs.locked(run_id)
    if run is None:
        raise RunNotFound
    if run.status == RunStatus.RUNNING:
        raise RunStillRunning
    again = steps_after(from_step, steps)
    await runs.supersede(run_id, again)
    job = new_job(JobKind.PROCESS_FORM_LEAD, subject_id=run_id, trace_id=run.trace_id)
    await runs.begin_generation(run_id, job.id)
    await enqueue(session, tenant_id, job)
    entry = AuditEntry(
        "run.rerun", actor=by, subject=("run", run_id), run_id=run_id, trace_id=run.trace_id,
        facts={"from_step": from_step, "steps": again},
    )  # fmt: skip
    await record(session, tenant_id, entry)
    return job.id


def steps_after(name: str, steps: Sequence[Step]) -> list[str]:
    """A step and everything that comes after it, however far; raises StepUnknown."""
    if name not in {step.name for step in steps}:
        raise StepUnknown(f"the steps are {', '.join(step.name for step in steps)}")
    found = [name]
    for step in steps:
        if step.name not in found and any(before in found for before in step.after):
            found.append(step.name)
    return found
