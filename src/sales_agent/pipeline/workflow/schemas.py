"""The answers about runs, their steps and the jobs that carry them."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sales_agent.kit.bodies import Body

RunStatusName = Literal["pending", "running", "completed", "rejected", "suppressed", "duplicate", "failed"]
TaskStatusName = Literal["PENDING", "STARTED", "SUCCESS", "FAILURE", "RETRY"]


class StepItem(BaseModel):
    """One of the 13 steps (and 10.5) of a run, as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    number: float
    name: str
    need: Literal["must", "may"] = Field(description="may: the run goes on without it, and the draft says so.")
    status: Literal["pending", "running", "done", "skipped", "failed"]
    attempts: int
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    milliseconds: float | None
    output: dict[str, object] | None = Field(description="What the step found out, as later steps read it.")
    error_code: str | None
    error: str | None
    without_it: str | None = Field(description="What a skipped step leaves unsaid, as the draft tells the operator.")


class EffectItem(BaseModel):
    """One outward write of the run, from its intention to its proof."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    status: Literal["intended", "done", "unknown", "refused", "held", "expired", "cancelled"]
    provider_id: str | None = Field(description="What the provider calls it, once that is known.")
    held_because: str | None
    error: str | None
    attempts: int
    settled_at: dt.datetime | None


class WorkflowItem(BaseModel):
    """A run in a list. It is `pending` until a worker has begun it."""

    workflow_id: UUID
    workflow_type: str
    status: RunStatusName
    reason: str | None = Field(description="Why it ended as it did, where it did not end in a draft.")
    submission_id: UUID
    task_id: UUID
    draft_id: UUID | None
    contact_email: str
    company_name: str
    error_message: str | None
    received_at: dt.datetime
    started_at: dt.datetime | None
    completed_at: dt.datetime | None


class WorkflowPage(BaseModel):
    """Runs, newest submission first."""

    items: list[WorkflowItem]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next page; null on the last.")


class WorkflowDetail(WorkflowItem):
    """A run with every step and every outward write."""

    version: str = Field(description="Version of the table of steps that the run was made with.")
    generation: int = Field(description="How often it was run again from a step.")
    trace_id: str
    steps: list[StepItem]
    effects: list[EffectItem]


class RunEvent(BaseModel):
    """One entry of the audit trail. Facts are ids, codes and counts; what is personal is not told here."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: dt.datetime
    action: str
    actor: str
    subject_type: str
    subject_id: UUID | None
    draft_id: UUID | None
    trace_id: str
    facts: dict[str, object]


class RunEventPage(BaseModel):
    """Events of a run, oldest first."""

    items: list[RunEvent]
    next_cursor: str | None


class RerunBody(Body):
    """From which step on; what came before stays as it is, and finished outward writes are not made again."""

    from_step: str = Field(examples=["write_draft"])


class RerunAnswer(BaseModel):
    """The run waits in the queue again."""

    status: str = "rerun_queued"
    workflow_id: UUID
    task_id: UUID
    from_step: str
    steps: list[str] = Field(description="The steps that are run again.")
    message: str = "The run is queued again; steps before this one keep their outputs."
    status_url: str


class TaskProgress(BaseModel):
    """How far the run of a job is."""

    steps_done: int = Field(description="Steps that are over, skipped ones too.")
    steps_total: int
    current_steps: list[str]
    skipped_steps: list[str]


class TaskStatus(BaseModel):
    """A job as clients of such queues know it."""

    task_id: UUID
    task_type: str
    status: TaskStatusName
    ready: bool = Field(description="Whether it has come to its end: SUCCESS or FAILURE.")
    message: str
    attempts: int = Field(description="Failures that spent a retry so far.")
    next_attempt_at: dt.datetime | None
    error_code: str | None
    error: str | None
    traceback: Annotated[None, Field(description="Always null: the logs have it, under the trace id.")] = None
    result: dict[str, object] | None = Field(description="What it came to: status and draft of the run.")
    workflow_id: UUID | None
    trace_id: str
    progress: TaskProgress | None = Field(description="None for jobs that carry no run.")
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
