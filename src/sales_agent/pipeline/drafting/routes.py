"""HTTP doors to drafts: reading only; what a person does with a draft has doors of its own."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, Cursor
from sales_agent.pipeline.drafting.actions import Caller
from sales_agent.pipeline.drafting.create import DraftNotFound
from sales_agent.pipeline.drafting.footer import shown_footer
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.note_repository import NoteRepository
from sales_agent.pipeline.drafting.repository import DraftFilter, DraftRepository
from sales_agent.pipeline.drafting.schemas import DraftDetail, DraftPage, VersionDetail
from sales_agent.pipeline.drafting.showing import detail, summary, version_detail

router = APIRouter(tags=["drafts"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Store = Annotated[Database, Depends(open_database)]


@router.get("/api/drafts")
async def list_drafts(
    caller: Reader,
    database: Store,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Drafts a page.")] = DEFAULT_LIMIT,
    state: Annotated[DraftState | None, Query(description="Only drafts in this state.")] = None,
    contact_id: Annotated[UUID | None, Query(description="Only drafts to this contact.")] = None,
    run_id: Annotated[UUID | None, Query(description="Only the draft of this run.")] = None,
) -> DraftPage:
    """Drafts with their newest words, newest draft first. Pages stay right while new drafts arrive."""
    after = Cursor.decode(cursor) if cursor else None
    async with database.transaction(caller.tenant_id) as session:
        page = await DraftRepository(session, caller.tenant_id).page(
            DraftFilter(state, contact_id, run_id), after=after, limit=limit
        )
    return DraftPage(items=[summary(*row, Caller.of(caller)) for row in page.rows], next_cursor=page.next_cursor)


@router.get("/api/drafts/{draft_id}")
async def get_draft(
    draft_id: UUID, caller: Reader, database: Store, request: Request, response: Response
) -> DraftDetail:
    """One draft in full: each sentence with the evidence it stands on, the findings, and what may be done with it.

    The ETag names these words: sent back as If-Match, an approval is refused once they are others.
    """
    async with database.transaction(caller.tenant_id) as session:
        drafts = DraftRepository(session, caller.tenant_id)
        found = await drafts.get(draft_id)
        versions = await drafts.versions(draft_id)
        notes = await NoteRepository(session, caller.tenant_id).of_draft(draft_id)
        below = await shown_footer(session, caller.tenant_id, cast("Settings", request.app.state.settings))
    if found is None:
        raise DraftNotFound
    shown = detail(*found, Caller.of(caller), versions=versions, notes=notes, footer=below)
    response.headers["ETag"] = shown.etag
    return shown


@router.get("/api/drafts/{draft_id}/versions/{version}")
async def get_draft_version(
    draft_id: UUID,
    version: Annotated[int, Path(ge=1, le=MAX_OFFSET, description="Counts from 1.")],
    caller: Reader,
    database: Store,
) -> VersionDetail:
    """The words of an older version, with the evidence and the findings of that time. Words never change."""
    async with database.transaction(caller.tenant_id) as session:
        found = await DraftRepository(session, caller.tenant_id).version(draft_id, version)
    if found is None:
        raise DraftNotFound
    return version_detail(found)
