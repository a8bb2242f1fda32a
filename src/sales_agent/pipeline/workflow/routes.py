"""HTTP doors to runs: list, look, follow, run again; and the status of the job that carries one."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor
from sales_agent.ledger.audit.repository import AuditRepository
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.pipeline.workflow.overview import run_detail, run_item, task_answer
from sales_agent.pipeline.workflow.overview_repository import RunOverviewRepository
from sales_agent.pipeline.workflow.rerun import RunNotFound, rerun, steps_after
from sales_agent.pipeline.workflow.schemas import (
    RerunAnswer,
    RerunBody,
    RunEvent,
    RunEventPage,
    TaskStatus,
    WorkflowDetail,
    WorkflowPage,
)

router = APIRouter(tags=["runs"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Store = Annotated[Database, Depends(open_database)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.get("/api/workflows")
async def list_workflows(
    caller: Reader,
    database: Store,
    status: RunStatus | Literal["pending"] | None = None,
    cursor: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> WorkflowPage:
    """Runs, newest submission first; one that no worker has begun yet is listed as pending."""
    wanted = status if isinstance(status, RunStatus) else None
    async with database.transaction(caller.tenant_id) as session:
        page = await RunOverviewRepository(session, caller.tenant_id).page(
            status=wanted,
            is_pending=status == "pending",
            after=Cursor.decode(cursor) if cursor else None,
            limit=limit,
        )
    return WorkflowPage(items=[run_item(overview) for overview in page.rows], next_cursor=page.next_cursor)


@router.get("/api/workflows/{workflow_id}")
async def get_workflow(workflow_id: UUID, caller: Reader, database: Store) -> WorkflowDetail:
    """A run with every step, what each found out and cost, and every outward write."""
    async with database.transaction(caller.tenant_id) as session:
        detail = await run_detail(session, caller.tenant_id, workflow_id)
    if detail is None:
        raise RunNotFound
    return detail


@router.get("/api/workflows/{workflow_id}/events")
async def list_workflow_events(
    workflow_id: UUID, caller: Reader, database: Store, cursor: str | None = None, limit: Limit = DEFAULT_LIMIT
) -> RunEventPage:
    """The audit trail of a run, oldest first."""
    async with database.transaction(caller.tenant_id) as session:
        if await RunOverviewRepository(session, caller.tenant_id).get(workflow_id) is None:
            raise RunNotFound
        page = await AuditRepository(session, caller.tenant_id).page_of_run(
            workflow_id, after=Cursor.decode(cursor) if cursor else None, limit=limit
        )
    return RunEventPage(items=[RunEvent.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("/api/workflows/{workflow_id}/rerun", status_code=202)
async def rerun_workflow(workflow_id: UUID, body: RerunBody, caller: Operator, database: Store) -> RerunAnswer:
    """Run it again from a step. Everything after that step is set aside, nothing is deleted."""
    async with database.transaction(caller.tenant_id) as session:
        job_id = await rerun(
            session, caller.tenant_id, workflow_id, from_step=body.from_step, steps=FORM_LEAD, by=caller.actor
        )
    return RerunAnswer(
        workflow_id=workflow_id,
        task_id=job_id,
        from_step=body.from_step,
        steps=steps_after(body.from_step, FORM_LEAD),
        status_url=f"/api/async/tasks/{job_id}/status",
    )


@router.get("/api/async/tasks/{task_id}/status", tags=["queue"])
async def get_task_status(task_id: UUID, caller: Reader, database: Store) -> TaskStatus:
    """Where a job stands, and how far the run is that it carries."""
    async with database.transaction(caller.tenant_id) as session:
        return await task_answer(session, caller.tenant_id, task_id)
