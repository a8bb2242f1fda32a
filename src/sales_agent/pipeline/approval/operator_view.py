"""From stored drafts to what operators are shown."""

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.content import Severity
from sales_agent.pipeline.approval.approvals import valid_approval
from sales_agent.pipeline.approval.operator_repository import DeskRepository, DraftAtDesk, OperatorDecisionRepository
from sales_agent.pipeline.approval.operator_schemas import OperatorDraft, PendingDraft, ShownDecision
from sales_agent.pipeline.drafting.actions import Caller, allowed_actions
from sales_agent.pipeline.drafting.create import DraftNotFound
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.showing import etag_of

# What earlier clients call a state; every other is called by its own name in capitals.
_PENDING: Final = "PENDING_APPROVAL"
_STATUS: Final = {
    DraftState.NEEDS_REVIEW: _PENDING,
    DraftState.AUTO_APPROVED: "APPROVED",
}


async def shown_draft(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, caller: Caller, *, message: str = ""
) -> OperatorDraft:
    """One draft, its approval if that counts, and what was decided. Raises DraftNotFound."""
    found = await DeskRepository(session, tenant_id).get(draft_id)
    if found is None:
        raise DraftNotFound(draft_id=draft_id)
    draft, words, company_name = found
    approval = await valid_approval(session, tenant_id, draft_id)
    decisions = await OperatorDecisionRepository(session, tenant_id).of_draft(draft_id)
    return OperatorDraft(
        id=draft.id,
        recipient=draft.to_address,
        subject=words.subject,
        body=words.body,
        metadata=_metadata(found),
        status=_status(found),
        created_at=draft.created_at,
        approved_at=approval.created_at if approval is not None else None,
        approved_by=approval.actor if approval is not None else None,
        rejected_reason=draft.state_reason if draft.state == DraftState.REJECTED else None,
        gmail_draft_id=draft.mail_draft_id,
        workflow_id=draft.run_id,
        contact_id=draft.contact_id,
        company_name=company_name,
        state=DraftState(draft.state),
        state_reason=draft.state_reason,
        version=words.version,
        body_hash=words.body_hash,
        etag=etag_of(words.version, words.body_hash),
        approved_version=approval.draft_version if approval is not None else None,
        worst_severity=Severity(draft.worst_severity) if draft.worst_severity else None,
        send_at=draft.send_at if draft.state == DraftState.QUEUED else None,
        snoozed_until=draft.snoozed_until,
        assigned_to=draft.assigned_to,
        claimed_by=draft.claimed_by,
        claimed_until=draft.claimed_until,
        allowed_actions=list(allowed_actions(draft, caller)),
        decisions=[ShownDecision.model_validate(decision, from_attributes=True) for decision in decisions],
        message=message,
    )


def pending(drafts: Sequence[DraftAtDesk]) -> list[PendingDraft]:
    """Drafts that wait, as earlier clients expect them."""
    return [
        PendingDraft(
            id=draft.id,
            recipient=draft.to_address,
            subject=words.subject,
            body=words.body,
            metadata=json.dumps(_metadata(found)),
            status=_status(found),
            created_at=draft.created_at,
            gmail_draft_id=draft.mail_draft_id,
            workflow_id=draft.run_id,
            contact_id=draft.contact_id,
            company_name=company_name,
            version=words.version,
            etag=etag_of(words.version, words.body_hash),
        )
        for found in drafts
        for draft, words, company_name in [found]
    ]


def _metadata(found: DraftAtDesk) -> dict[str, object]:
    draft, words, _ = found
    return {"to_name": draft.to_name, "thread_id": draft.thread_id, "version": words.version, "author": words.author}


def _status(found: DraftAtDesk) -> str:
    state = DraftState(found.draft.state)
    return _STATUS.get(state, state.upper())
