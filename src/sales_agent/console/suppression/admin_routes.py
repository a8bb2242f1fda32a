"""HTTP doors for whole suppression lists: taken over from elsewhere, and handed out as CSV."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.suppression.schemas import BadImportLine, SuppressionsImported
from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.suppression import suppress_all
from sales_agent.controls.suppression_file import read_list, written_list
from sales_agent.controls.suppression_repository import SuppressionFilter, SuppressionRepository
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import Cursor
from sales_agent.ledger.audit.record import AuditEntry, record

router = APIRouter(prefix="/api/admin/suppressions", tags=["suppression lists"])

Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]

SOURCE = "import"

# About 40,000 lines of our own export.
MAX_LIST_BYTES = 5 * 1024 * 1024

_MOST_BAD_LINES_SHOWN = 1_000

# One look-up's worth: the export of any list needs the memory of this many entries.
_ENTRIES_A_PIECE = 2_000

_TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string"}} for name in ("text/csv", "application/jsonl")},
    }
}


@router.post("/import", openapi_extra=_TAKES, max_body_size=MAX_LIST_BYTES)
async def import_suppressions(
    request: Request,
    caller: Admin,
    database: Store,
    reason: Annotated[
        SuppressionReason, Query(description="Of lines that give none of their own.")
    ] = SuppressionReason.MANUAL,
) -> SuppressionsImported:
    """Add a list: CSV or JSON lines, of addresses, digests or domains. All good lines are added, or none."""
    raw = await request.body()
    found = await asyncio.to_thread(read_list, raw, reason=reason)
    async with database.transaction(caller.tenant_id) as session:
        added = await suppress_all(session, caller.tenant_id, found.entries, source=SOURCE, by=caller.actor)
    return SuppressionsImported(
        added=added,
        known=len(found.entries) - added,
        invalid=len(found.bad),
        invalid_lines=[BadImportLine(line=bad.line, says=bad.says) for bad in found.bad[:_MOST_BAD_LINES_SHOWN]],
    )


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_suppressions(caller: Admin, database: Store) -> StreamingResponse:
    """Every entry that covers somebody, as CSV that can be imported elsewhere: digests, domains, reasons, dates."""
    async with database.transaction(caller.tenant_id) as session:
        await record(session, caller.tenant_id, AuditEntry("suppressions.exported", actor=caller.actor))
    return StreamingResponse(
        _pieces(database, caller.tenant_id),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="suppressions.csv"'},
    )


async def _pieces(database: Database, tenant_id: UUID) -> AsyncIterator[str]:
    """The list piece by piece, each read in a transaction of its own: a slow reader keeps none open."""
    cursor: str | None = None
    is_first = True
    while is_first or cursor is not None:
        async with database.transaction(tenant_id) as session:
            page = await SuppressionRepository(session, tenant_id).page(
                SuppressionFilter(), after=Cursor.decode(cursor) if cursor else None, limit=_ENTRIES_A_PIECE
            )
        yield written_list(page.rows, with_header=is_first)
        is_first, cursor = False, page.next_cursor
