"""Approvals: the consent to exactly these words in this state of the world, granted, looked up and taken back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.addresses import canonical_address
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.approval_repository import ApprovalRepository
from sales_agent.pipeline.approval.fingerprint import World, world_document
from sales_agent.pipeline.approval.models import Approval
from sales_agent.pipeline.drafting.models import Draft, DraftVersion


async def grant(
    session: AsyncSession,
    tenant_id: UUID,
    draft: Draft,
    words: DraftVersion,
    *,
    actor: str,
    world: World,
    rule_type: str | None = None,
    rule_version: int | None = None,
) -> Approval:
    """Approve these words for this recipient in this world; an earlier approval of the draft ends.

    The caller holds the lock of the draft. The state of the draft is the caller's to change.
    """
    await void(session, tenant_id, draft.id, because="approved anew", actor=actor)
    approval = await ApprovalRepository(session, tenant_id).add(
        draft.id,
        draft_version=words.version,
        body_hash=words.body_hash,
        recipient=canonical_address(draft.to_address),
        world=world_document(world),
        actor=actor,
        rule_type=rule_type,
        rule_version=rule_version,
    )
    facts: dict[str, object] = {"approval_id": str(approval.id), "version": words.version, "body_hash": words.body_hash}
    if rule_type is not None:
        facts |= {"rule": rule_type, "rule_version": rule_version}
    entry = AuditEntry(
        "approval.granted",
        actor=actor,
        subject=("draft", draft.id),
        run_id=draft.run_id,
        draft_id=draft.id,
        facts=facts,
    )
    await record(session, tenant_id, entry)
    return approval


async def valid_approval(session: AsyncSession, tenant_id: UUID, draft_id: UUID) -> Approval | None:
    """The approval of the draft's newest words; None where there is none, it was voided, or the words are others."""
    return await ApprovalRepository(session, tenant_id).fitting(draft_id)


async def void(session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, because: str, actor: str) -> bool:
    """End the approval of a draft; whether one counted. `because` is a clause of ours, nothing a person wrote."""
    approval_id = await ApprovalRepository(session, tenant_id).void(draft_id, because)
    if approval_id is None:
        return False
    facts: dict[str, object] = {"approval_id": str(approval_id), "because": because}
    entry = AuditEntry("approval.voided", actor=actor, subject=("draft", draft_id), draft_id=draft_id, facts=facts)
    await record(session, tenant_id, entry)
    return True
