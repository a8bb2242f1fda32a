"""Puts together what an answer about a run says, from the rows of submission, run, steps, job and effects."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.effects.repository import EffectRepository
from sales_agent.kit.errors import NotFound
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD, NAME, VERSION
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.pipeline.workflow.overview_repository import RunOverview, RunOverviewRepository
from sales_agent.pipeline.workflow.progress import step_progress
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from sales_agent.pipeline.workflow.schemas import EffectItem, StepItem, TaskStatus, WorkflowDetail, WorkflowItem
from sales_agent.pipeline.workflow.task_status import task_status


class TaskNotFound(NotFound):
    """There is no job under this id."""


def run_item(overview: RunOverview) -> WorkflowItem:
    """A run as lists show it."""
    submission, run = overview.submission, overview.run
    status = RunStatus(run.status).value if run is not None else "pending"
    return WorkflowItem(
        workflow_id=submission.run_id,
        workflow_type=run.workflow if run is not None else NAME,
        status=status,
        reason=run.reason if run is not None else None,
        submission_id=submission.id,
        task_id=run.job_id if run is not None else submission.job_id,
        draft_id=run.draft_id if run is not None else None,
        contact_email=submission.email,
        company_name=str(submission.fields.get("company", "")),
        error_message=run.reason if run is not None and run.status == RunStatus.FAILED else None,
        received_at=submission.created_at,
        started_at=run.started_at if run is not None else None,
        completed_at=run.finished_at if run is not None else None,
    )


async def run_detail(session: AsyncSession, tenant_id: UUID, run_id: UUID) -> WorkflowDetail | None:
    """A run with steps and effects, from the moment its submission is stored; None where there is none."""
    overview = await RunOverviewRepository(session, tenant_id).get(run_id)
    if overview is None:
        return None
    item = run_item(overview)
    job = await JobRepository(session, tenant_id).get(item.task_id)
    rows = await WorkflowRepository(session, tenant_id).current_steps(run_id)
    effects = await EffectRepository(session, tenant_id).of_run(run_id)
    run = overview.run
    return WorkflowDetail(
        **item.model_dump(),
        version=run.version if run is not None else VERSION,
        generation=run.generation if run is not None else 0,
        trace_id=overview.submission.trace_id,
        steps=[StepItem.model_validate(step) for step in step_progress(FORM_LEAD, rows, job, run)],
        effects=[EffectItem.model_validate(effect) for effect in effects],
    )


async def task_answer(session: AsyncSession, tenant_id: UUID, task_id: UUID) -> TaskStatus:
    """The status of a job with the progress of its run. Raises TaskNotFound."""
    job = await JobRepository(session, tenant_id).get(task_id)
    if job is None:
        raise TaskNotFound
    overview = await RunOverviewRepository(session, tenant_id).get(job.subject_id) if job.subject_id else None
    if overview is None:
        return task_status(job, None, ())
    rows = await WorkflowRepository(session, tenant_id).current_steps(overview.submission.run_id)
    return task_status(job, overview.run, step_progress(FORM_LEAD, rows, job, overview.run))
