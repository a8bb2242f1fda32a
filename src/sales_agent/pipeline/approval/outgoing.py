"""On the way out: an approved draft joins the queue of sends, and can be taken back until its send begins."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.errors import Conflict
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.approvals import valid_approval, void
from sales_agent.pipeline.drafting.create import draft_locked, set_state
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from sales_agent.pipeline.queue.repository import JobRepository


class ApprovalMissing(Conflict):
    """Nobody has approved these words for this recipient; approve the draft first."""


async def queue_send(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, actor: str, delay_seconds: float
) -> dt.datetime:
    """Queue the send of an approved draft; when it begins, by the database's clock.

    Needs an approval of the draft's newest words and of its present recipient. Raises DraftNotFound, ApprovalMissing,
    DraftMoveNotAllowed.
    """
    drafts, jobs = DraftRepository(session, tenant_id), JobRepository(session, tenant_id)
    draft = await draft_locked(session, tenant_id, draft_id)
    approval = await valid_approval(session, tenant_id, draft_id)
    await set_state(session, tenant_id, draft_id, DraftState.QUEUED, actor=actor)
    if approval is None or approval.recipient != canonical_address(draft.to_address):
        raise ApprovalMissing(draft_id=draft_id, version=draft.version)
    send_at = await drafts.set_send_at(draft_id, delay_seconds)
    await jobs.cancel_waiting(JobKind.SEND_DRAFT, draft_id)
    key = f"send:{draft_id}"
    job = new_job(JobKind.SEND_DRAFT, subject_id=draft_id, unique_key=key, delay_seconds=delay_seconds)
    if not await enqueue(session, tenant_id, job):
        # A worker is just letting go of the job of an earlier queueing; what sends once is the claim of the draft.
        key = f"{key}:{approval.id}"
        job = new_job(JobKind.SEND_DRAFT, subject_id=draft_id, unique_key=key, delay_seconds=delay_seconds)
        await enqueue(session, tenant_id, job)
    facts = {"approval_id": str(approval.id), "version": draft.version, "delay_seconds": delay_seconds}
    await record(session, tenant_id, _entry("send.queued", draft, actor, facts))
    return send_at


async def take_back(session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, actor: str) -> None:
    """Undo: the draft waits for a person again, unapproved, and its send does not begin.

    Raises DraftNotFound, and DraftMoveNotAllowed once the send has begun.
    """
    drafts = DraftRepository(session, tenant_id)
    draft = await draft_locked(session, tenant_id, draft_id)
    await set_state(session, tenant_id, draft_id, DraftState.NEEDS_REVIEW, actor=actor)
    await drafts.change(draft_id, send_at=None)
    await void(session, tenant_id, draft_id, because="taken back", actor=actor)
    cancelled = await JobRepository(session, tenant_id).cancel_waiting(JobKind.SEND_DRAFT, draft_id)
    await record(session, tenant_id, _entry("send.taken_back", draft, actor, {"jobs_cancelled": cancelled}))


def _entry(action: str, draft: Draft, actor: str, facts: Mapping[str, object]) -> AuditEntry:
    return AuditEntry(
        action, actor=actor, subject=("draft", draft.id), run_id=draft.run_id, draft_id=draft.id, facts=facts
    )
