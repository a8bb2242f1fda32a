"""HTTP doors to the audit trail, for admins: pages of it, all of it as a file, and whether it is whole."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.audit.schemas import AuditItem, AuditPage, Verified
from sales_agent.console.audit.taking import begin_export, remembered_anchors
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor
from sales_agent.ledger.audit.export import export_lines
from sales_agent.ledger.audit.trail_repository import AuditTrailRepository, TrailFilter
from sales_agent.ledger.audit.verify import verify

router = APIRouter(prefix="/api/admin/audit", tags=["audit"])

Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]


def wanted_events(
    actor: Annotated[str | None, Query(description="Who acted, as written: `user:<id>`, `api_key:<name>`.")] = None,
    action: Annotated[str | None, Query(description="`draft.approved`, or `draft.*` for all of a kind.")] = None,
    subject_id: UUID | None = None,
    run_id: UUID | None = None,
    draft_id: UUID | None = None,
) -> TrailFilter:
    """The filters of a list."""
    return TrailFilter(actor=actor, action=action, subject_id=subject_id, run_id=run_id, draft_id=draft_id)


@router.get("")
async def list_audit_events(
    caller: Admin,
    database: Store,
    wanted: Annotated[TrailFilter, Depends(wanted_events)],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> AuditPage:
    """What happened, newest first: all that agrees with every filter given."""
    async with database.transaction(caller.tenant_id) as session:
        trail = AuditTrailRepository(session, caller.tenant_id)
        page = await trail.page(wanted, after=Cursor.decode(cursor) if cursor else None, limit=limit)
        places = await trail.sequences([event.id for event in page.rows])
    return AuditPage(
        items=[AuditItem.of(event, places.get(event.id)) for event in page.rows], next_cursor=page.next_cursor
    )


@router.get("/export", response_class=StreamingResponse)
async def export_audit_trail(caller: Admin, database: Store) -> StreamingResponse:
    """All that is sealed, as JSON lines: `sales-agent audit verify FILE` proves them. That it was taken is recorded."""
    tenant = database.tenant(caller.tenant_id)
    head = await begin_export(tenant, by=caller.actor)
    headers = {"Content-Disposition": f'attachment; filename="audit-{caller.tenant_id}-{head.head.sequence}.jsonl"'}
    return StreamingResponse(export_lines(tenant, head), media_type="application/x-ndjson", headers=headers)


@router.get("/verify")
async def verify_audit_trail(caller: Admin, database: Store) -> Verified:
    """Calculate every link anew, and compare with the exported ends that the database remembers."""
    tenant = database.tenant(caller.tenant_id)
    return Verified.of(await verify(tenant, await remembered_anchors(tenant)))
