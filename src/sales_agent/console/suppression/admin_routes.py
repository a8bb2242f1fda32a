"""HTTP doors for whole suppression lists: taken over from elsewhere, and handed out as CSV."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.suppression.lists import hand_out, take_over
from sales_agent.console.suppression.schemas import BadImportLine, SuppressionsImported
from sales_agent.controls.models import SuppressionReason
from sales_agent.kit.db import Database

router = APIRouter(prefix="/api/admin/suppressions", tags=["suppression lists"])

Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]

# About 40,000 lines of our own export.
MAX_LIST_BYTES = 5 * 1024 * 1024

_MOST_BAD_LINES_SHOWN = 1_000

_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_TAKES: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"text/csv": _TEXT, "application/jsonl": _TEXT}},
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
    taken = await take_over(database, caller.tenant_id, await request.body(), reason=reason, by=caller.actor)
    return SuppressionsImported(
        added=taken.added,
        known=taken.known,
        invalid=len(taken.bad),
        invalid_lines=[BadImportLine(line=bad.line, says=bad.says) for bad in taken.bad[:_MOST_BAD_LINES_SHOWN]],
    )


@router.get("/export", response_class=StreamingResponse, responses={200: {"content": {"text/csv": _TEXT}}})
async def export_suppressions(caller: Admin, database: Store) -> StreamingResponse:
    """Every entry that covers somebody, as CSV that can be imported elsewhere: digests, domains, reasons, dates."""
    return StreamingResponse(
        await hand_out(database, caller.tenant_id, by=caller.actor),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="suppressions.csv"'},
    )
