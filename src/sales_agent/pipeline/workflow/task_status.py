"""From a job's row and its run to the five states clients know: PENDING, STARTED, RETRY, SUCCESS, FAILURE."""

from collections.abc import Sequence

from sales_agent.pipeline.queue.models import Job, JobState
from sales_agent.pipeline.workflow.models import WorkflowRun
from sales_agent.pipeline.workflow.progress import StepProgress
from sales_agent.pipeline.workflow.schemas import TaskProgress, TaskStatus, TaskStatusName

_STATUS: dict[JobState, TaskStatusName] = {
    JobState.DUE: "PENDING",
    JobState.HANDED: "PENDING",
    JobState.RUNNING: "STARTED",
    JobState.PARKED: "RETRY",
    JobState.DONE: "SUCCESS",
    JobState.FAILED: "FAILURE",
    JobState.CANCELLED: "FAILURE",
}
_MESSAGES: dict[TaskStatusName, str] = {
    "PENDING": "Stored; it waits for a worker.",
    "STARTED": "A worker is at it.",
    "RETRY": "The last attempt failed; it is tried again by itself.",
    "SUCCESS": "Done.",
    "FAILURE": "It gave up and lies in the dead-letter queue: /api/async/failed-tasks.",
}
_PARKED = "It waits for a connector that must be connected again; nothing is lost meanwhile."


def status_of(job: Job) -> TaskStatusName:
    """The job's state in the words of such queues; a due job that failed before is a RETRY."""
    status = _STATUS[JobState(job.state)]
    return "RETRY" if status == "PENDING" and job.attempts > 0 else status


def task_status(job: Job, run: WorkflowRun | None, steps: Sequence[StepProgress]) -> TaskStatus:
    """The whole answer; `steps` is empty for jobs that carry no run."""
    status = status_of(job)
    waits = status in {"PENDING", "RETRY"}
    return TaskStatus(
        task_id=job.id,
        task_type=job.kind,
        status=status,
        ready=status in {"SUCCESS", "FAILURE"},
        message=_PARKED if job.state == JobState.PARKED else _MESSAGES[status],
        attempts=job.attempts,
        next_attempt_at=job.next_run_at if waits else None,
        error_code=job.error_code,
        error=job.error,
        result=_result(run) if status == "SUCCESS" else None,
        workflow_id=job.subject_id,
        trace_id=job.trace_id,
        progress=_progress(steps) if steps else None,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def _result(run: WorkflowRun | None) -> dict[str, object] | None:
    if run is None:
        return None
    return {"status": run.status, "reason": run.reason, "draft_id": str(run.draft_id) if run.draft_id else None}


def _progress(steps: Sequence[StepProgress]) -> TaskProgress:
    return TaskProgress(
        steps_done=sum(step.status in {"done", "skipped"} for step in steps),
        steps_total=len(steps),
        current_steps=[step.name for step in steps if step.status == "running"],
        skipped_steps=[step.name for step in steps if step.status == "skipped"],
    )
