"""How far a run is, read from its step rows and the table of steps: nothing of it is stored twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sales_agent.pipeline.queue.models import Job, JobState
from sales_agent.pipeline.workflow.models import RunStatus, StepRun, StepStatus, WorkflowRun
from sales_agent.pipeline.workflow.step import Step


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One line of the workflow's table with what came of it. `status` is pending, running, done, skipped or failed."""

    number: float
    name: str
    need: str
    status: str
    attempts: int
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    milliseconds: float | None = None
    output: dict[str, object] | None = None
    error_code: str | None = None
    error: str | None = None
    without_it: str | None = None


def step_progress(
    steps: Sequence[Step], rows: Sequence[StepRun], job: Job | None, run: WorkflowRun | None
) -> tuple[StepProgress, ...]:
    """Every step in the table's order. A step whose predecessors are over is running while a worker holds the job.

    Of a run that has ended, however early, nothing is running, though its job may be closed a moment later.
    """
    is_open = run is None or run.status == RunStatus.RUNNING
    is_held = is_open and job is not None and job.state == JobState.RUNNING
    newest = {row.step: row for row in sorted(rows, key=lambda row: row.finished_at)}
    over = {name for name, row in newest.items() if row.status != StepStatus.FAILED}
    return tuple(
        _with_row(step, newest[step.name], is_running=is_held and step.name not in over)
        if step.name in newest
        else _without_row(step, is_running=is_held and over.issuperset(step.after))
        for step in steps
    )


def _without_row(step: Step, *, is_running: bool) -> StepProgress:
    return StepProgress(
        number=step.number,
        name=step.name,
        need=step.need.value,
        status="running" if is_running else "pending",
        attempts=1 if is_running else 0,
    )


def _with_row(step: Step, row: StepRun, *, is_running: bool) -> StepProgress:
    """A failed step of a job that is held again is being tried once more."""
    return StepProgress(
        number=step.number,
        name=step.name,
        need=step.need.value,
        status="running" if is_running else row.status,
        attempts=row.attempt,
        started_at=row.started_at,
        finished_at=row.finished_at,
        milliseconds=row.milliseconds,
        output=row.output,
        error_code=row.error_code,
        error=row.error,
        without_it=step.without_it if row.status == StepStatus.SKIPPED else None,
    )
