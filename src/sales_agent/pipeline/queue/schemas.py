"""The answers about failed tasks; the field names are older than this release and stay."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.kit.bodies import Body
from sales_agent.pipeline.queue.catalog import done_again_by
from sales_agent.pipeline.queue.models import FailedTask, FailedTaskStatus


class FailedTaskItem(BaseModel):
    """One job that gave up."""

    id: UUID
    task_id: UUID = Field(description="The job: `/api/async/tasks/{task_id}/status` tells how it stands.")
    workflow_id: UUID | None = Field(description="The run that the job carried, where it carried one.")
    task_type: str = Field(description="What the job does, as package and verb.")
    error_code: str = Field(description="Stable code of the error that ended it.")
    error: str
    retry_count: int = Field(description="Attempts that spent a retry before it gave up.")
    status: FailedTaskStatus
    instead: str | None = Field(
        description="What to do in place of a retry, where that is refused: a failed send is sent again from its draft."
    )
    notes: str | None
    created_at: dt.datetime
    resolved_at: dt.datetime | None
    resolved_by: str | None

    @classmethod
    def of(cls, task: FailedTask) -> "FailedTaskItem":
        """From the row. The traceback stays inside: it may quote what a person wrote."""
        return cls(
            id=task.id,
            task_id=task.job_id,
            workflow_id=task.subject_id,
            task_type=task.kind,
            error_code=task.error_code,
            error=task.error,
            retry_count=task.retry_count,
            status=FailedTaskStatus(task.status),
            instead=done_again_by(task.kind),
            notes=task.notes,
            created_at=task.created_at,
            resolved_at=task.resolved_at,
            resolved_by=task.resolved_by,
        )


class FailedTasksPage(BaseModel):
    """A page by limit and offset, newest first."""

    total_count: int = Field(description="All that match, on every page together.")
    returned_count: int
    limit: int
    offset: int
    tasks: list[FailedTaskItem]


class RetryAnswer(BaseModel):
    """The job waits in the queue again, with all its retries."""

    status: str = "retry_queued"
    failed_task_id: UUID
    new_task_id: UUID = Field(description="The job; a retry keeps its id, so that its history stays in one place.")
    message: str = "The job is due now and has all its retries again."
    status_url: str


class ResolveBody(Body):
    """What the one who closes it wants to keep. Who that is comes from the credential."""

    notes: str | None = Field(None, max_length=2000)
    resolved_by: str | None = Field(None, max_length=200, description="Heard, not heeded.")


class ResolveAnswer(BaseModel):
    """The failed task is closed; its job is not tried again."""

    status: str = "resolved"
    failed_task_id: UUID
    message: str = "Closed. Its job is not tried again."
