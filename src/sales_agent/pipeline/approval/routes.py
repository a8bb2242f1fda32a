"""HTTP doors for working on drafts together: claims, whose draft it is, notes. None of them changes its state."""

from uuid import UUID

from fastapi import APIRouter

from sales_agent.pipeline.approval import attending
from sales_agent.pipeline.approval.acting import Act
from sales_agent.pipeline.approval.doors import AtTheDoor
from sales_agent.pipeline.approval.operator_schemas import AssignBody, NoteBody, OperatorDraft
from sales_agent.pipeline.drafting.actions import DraftAction

router = APIRouter(prefix="/api/operator/drafts", tags=["attending"])


@router.post("/{draft_id}/claim")
async def claim_draft(draft_id: UUID, door: AtTheDoor) -> OperatorDraft:
    """Show the others that you have the draft open, for two minutes; ask again to renew. It locks nothing."""

    async def work(act: Act) -> str:
        await attending.claim(act)
        return "Claimed for two minutes; others see it and may act all the same."

    return await door.act(DraftAction.CLAIM, draft_id, None, work)


@router.post("/{draft_id}/release_claim")
async def release_claim(draft_id: UUID, door: AtTheDoor) -> OperatorDraft:
    """Show the others that you are done with it."""

    async def work(act: Act) -> str:
        await attending.release_claim(act)
        return "Nobody has the draft open."

    return await door.act(DraftAction.RELEASE_CLAIM, draft_id, None, work)


@router.post("/{draft_id}/assign")
async def assign_draft(draft_id: UUID, door: AtTheDoor, body: AssignBody) -> OperatorDraft:
    """Make it the draft of a user who may decide about drafts, or nobody's."""

    async def work(act: Act) -> str:
        await attending.assign(act, body.user_id)
        return "Assigned." if body.user_id else "Nobody's draft now."

    return await door.act(DraftAction.ASSIGN, draft_id, body, work)


@router.post("/{draft_id}/note")
async def note_on_draft(draft_id: UUID, door: AtTheDoor, body: NoteBody) -> OperatorDraft:
    """Tell the others something about the draft; GET /api/drafts/{id} shows it. Never part of the mail."""

    async def work(act: Act) -> str:
        await attending.note(act, body.text)
        return "Noted."

    return await door.act(DraftAction.NOTE, draft_id, body, work)
