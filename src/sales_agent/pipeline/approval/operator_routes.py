"""HTTP doors for those who decide about drafts; who decides is whose credential it is, whatever a body says."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from sales_agent.pipeline.approval import operator, rewriting
from sales_agent.pipeline.approval.acting import Act
from sales_agent.pipeline.approval.doors import AtTheDoor, OpenDesk, Reader
from sales_agent.pipeline.approval.operator_repository import DeskRepository
from sales_agent.pipeline.approval.operator_schemas import (
    ApproveBody,
    CancelBody,
    EditBody,
    OperatorDraft,
    PendingDraft,
    RegenerateBody,
    RejectBody,
    SendBody,
    SnoozeBody,
)
from sales_agent.pipeline.approval.operator_view import pending, shown_draft
from sales_agent.pipeline.drafting.actions import Caller, DraftAction

router = APIRouter(prefix="/api/operator/drafts", tags=["operator"])


@router.get("/pending")
async def list_pending_drafts(
    caller: Reader, desk: OpenDesk, limit: Annotated[int, Query(ge=1, le=500, description="Drafts at most.")] = 100
) -> list[PendingDraft]:
    """Drafts that wait for a person, the one that waits longest first. GET /api/drafts has pages and filters."""
    async with desk.database.transaction(caller.tenant_id) as session:
        return pending(await DeskRepository(session, caller.tenant_id).waiting(limit))


@router.get("/{draft_id}")
async def get_operator_draft(draft_id: UUID, caller: Reader, desk: OpenDesk) -> OperatorDraft:
    """A draft with its approval and what people decided about it. GET /api/drafts/{id} has evidence and findings."""
    async with desk.database.transaction(caller.tenant_id) as session:
        return await shown_draft(session, caller.tenant_id, draft_id, Caller.of(caller))


@router.post("/{draft_id}/approve")
async def approve_draft(draft_id: UUID, door: AtTheDoor, body: ApproveBody | None = None) -> OperatorDraft:
    """Approve the words you have read (If-Match, or version or body_hash in the body), else the newest ones.

    Binds words, recipient and the state of the world; with `send`, the send is queued as well. Words that were changed
    since are answered 412 with who changed them and when.
    """
    chosen = body or ApproveBody()

    async def work(act: Act) -> str:
        await operator.approve(act, door.expected(chosen), note=chosen.note or chosen.approved_by)
        if not chosen.send:
            return "Approved. Send it, or take the approval back."
        send_at = await operator.send(act, undo_seconds=await door.desk.undo_seconds(act))
        return f"Approved, and the send begins at {send_at.isoformat()}; until then it can be undone."

    return await door.act(DraftAction.APPROVE, draft_id, chosen, work)


@router.post("/{draft_id}/send")
async def send_draft(draft_id: UUID, door: AtTheDoor, body: SendBody | None = None) -> OperatorDraft:
    """Queue the send of an approved draft. It begins after the tenant's time to undo, and the gates judge it then."""
    chosen = body or SendBody()

    async def work(act: Act) -> str:
        undo_seconds = await door.desk.undo_seconds(act)
        send_at = await operator.send(act, door.expected(chosen), undo_seconds=undo_seconds)
        return f"The send begins at {send_at.isoformat()}; until then it can be undone."

    return await door.act(DraftAction.SEND, draft_id, chosen, work)


@router.post("/{draft_id}/undo")
async def undo_draft(draft_id: UUID, door: AtTheDoor) -> OperatorDraft:
    """Take the approval back, and a queued send with it; too late once the send has begun."""

    async def work(act: Act) -> str:
        await operator.undo(act)
        return "Taken back: the draft waits for a person again, and nothing was sent."

    return await door.act(DraftAction.UNDO, draft_id, None, work)


@router.post("/{draft_id}/reject")
async def reject_draft(draft_id: UUID, door: AtTheDoor, body: RejectBody) -> OperatorDraft:
    """Reject the draft, with a reason from the list; rules are measured by it."""

    async def work(act: Act) -> str:
        await operator.reject(act, body.reason, door.expected(body), text=body.text, note=body.rejected_by)
        return "Rejected. Reopen it to let it wait for a person again."

    return await door.act(DraftAction.REJECT, draft_id, body, work)


@router.post("/{draft_id}/edit")
async def edit_draft(draft_id: UUID, door: AtTheDoor, body: EditBody) -> OperatorDraft:
    """Make other words the next version; they are checked at once. Recipient, sender and headers are not words.

    The version before stays as it was, and its approval ends.
    """

    async def work(act: Act) -> str:
        seller = await door.desk.seller_of(act)
        is_new = await rewriting.edit(act, body.wish(), door.expected(body), seller=seller)
        return "A new version, checked; it waits for a person." if is_new else "The words are the same as before."

    return await door.act(DraftAction.EDIT, draft_id, body, work)


@router.post("/{draft_id}/regenerate")
async def regenerate_draft(draft_id: UUID, door: AtTheDoor, body: RegenerateBody | None = None) -> OperatorDraft:
    """Ask the writer for other words, with an instruction. They come as a new version and wait for a person.

    Without a language model the template writer writes, which an instruction changes little.
    """
    chosen = body or RegenerateBody()

    async def work(act: Act) -> str:
        await rewriting.regenerate(act, chosen.instruction, door.expected(chosen))
        return "The writer was asked; the new words will wait for a person. A template writer heeds little of it."

    return await door.act(DraftAction.REGENERATE, draft_id, chosen, work)


@router.post("/{draft_id}/snooze")
async def snooze_draft(draft_id: UUID, door: AtTheDoor, body: SnoozeBody) -> OperatorDraft:
    """Let the draft sleep until a moment within a year, or until the person it is for writes."""

    async def work(act: Act) -> str:
        await operator.snooze(act, body.until)
        return "Snoozed; a message from this person wakes it earlier."

    return await door.act(DraftAction.SNOOZE, draft_id, body, work)


@router.post("/{draft_id}/wake")
async def wake_draft(draft_id: UUID, door: AtTheDoor) -> OperatorDraft:
    """End a snooze before its time."""

    async def work(act: Act) -> str:
        await operator.wake(act)
        return "The draft waits for a person again."

    return await door.act(DraftAction.WAKE, draft_id, None, work)


@router.post("/{draft_id}/cancel")
async def cancel_draft(draft_id: UUID, door: AtTheDoor, body: CancelBody | None = None) -> OperatorDraft:
    """End the draft without judging its words; a queued send does not begin."""
    chosen = body or CancelBody()

    async def work(act: Act) -> str:
        await operator.cancel(act, note=chosen.note)
        return "Cancelled. Reopen it to let it wait for a person again."

    return await door.act(DraftAction.CANCEL, draft_id, chosen, work)


@router.post("/{draft_id}/reopen")
async def reopen_draft(draft_id: UUID, door: AtTheDoor) -> OperatorDraft:
    """Let a draft that was rejected, cancelled, expired or simulated wait for a person again."""

    async def work(act: Act) -> str:
        await operator.reopen(act)
        return "The draft waits for a person again."

    return await door.act(DraftAction.REOPEN, draft_id, None, work)
