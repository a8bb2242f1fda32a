"""HTTP doors to the dead-letter queue: look, retry, close."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import MAX_OFFSET
from sales_agent.pipeline.queue import failed_jobs
from sales_agent.pipeline.queue.failed_repository import FailedTaskRepository
from sales_agent.pipeline.queue.models import FailedTaskStatus
from sales_agent.pipeline.queue.schemas import (
    FailedTaskItem,
    FailedTasksPage,
    ResolveAnswer,
    ResolveBody,
    RetryAnswer,
)

router = APIRouter(prefix="/api/async", tags=["queue"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Store = Annotated[Database, Depends(open_database)]


@router.get("/failed-tasks")
async def list_failed_tasks(
    caller: Reader,
    database: Store,
    status: FailedTaskStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> FailedTasksPage:
    """Jobs that gave up, newest first, each with the error that ended it."""
    async with database.transaction(caller.tenant_id) as session:
        total, rows = await FailedTaskRepository(session, caller.tenant_id).page(
            status=status, limit=limit, offset=offset
        )
    tasks = [FailedTaskItem.of(row) for row in rows]
    return FailedTasksPage(total_count=total, returned_count=len(tasks), limit=limit, offset=offset, tasks=tasks)


@router.post("/failed-tasks/{failed_task_id}/retry")
async def retry_failed_task(failed_task_id: UUID, caller: Operator, database: Store) -> RetryAnswer:
    """Put the job back in the queue. Steps that are done stay done, and no outward write is made twice.

    409 `failed_task_not_retried` where the work is asked for elsewhere (`detail`, and `instead` in the list, say how),
    and `work_already_queued` where the same work is queued or being done: close the failed task then.
    """
    async with database.transaction(caller.tenant_id) as session:
        task = await failed_jobs.retry(session, caller.tenant_id, failed_task_id, by=caller.actor)
    return RetryAnswer(
        failed_task_id=task.id, new_task_id=task.job_id, status_url=f"/api/async/tasks/{task.job_id}/status"
    )


@router.post("/failed-tasks/{failed_task_id}/resolve")
async def resolve_failed_task(
    failed_task_id: UUID,
    caller: Operator,
    database: Store,
    body: ResolveBody | None = None,
    notes: Annotated[str | None, Query(max_length=2000, description="The same as `notes` in the body.")] = None,
    resolved_by: Annotated[  # noqa: ARG001 - earlier clients send it
        str | None, Query(max_length=200, description="Heard, not heeded: who closes is whose credential it is.")
    ] = None,
) -> ResolveAnswer:
    """Close a failed task without doing it again."""
    kept = notes if body is None or body.notes is None else body.notes
    async with database.transaction(caller.tenant_id) as session:
        task = await failed_jobs.resolve(session, caller.tenant_id, failed_task_id, by=caller.actor, notes=kept)
    return ResolveAnswer(failed_task_id=task.id)
