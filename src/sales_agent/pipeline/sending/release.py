"""Held mails that only had to wait: as many as have room now are queued again, longest waiting first."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.sending_policy import read_sending_policy
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.approvals import valid_approval
from sales_agent.pipeline.approval.outgoing import queue_send
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.sending.claim import Mailbox
from sales_agent.pipeline.sending.gates import Held, outside_hours, over_quota
from sales_agent.pipeline.sending.hours import day_of, iso_week_of
from sales_agent.pipeline.sending.models import SendStatus
from sales_agent.pipeline.sending.outcome import restate
from sales_agent.pipeline.sending.quotas import exhausted, remaining
from sales_agent.pipeline.sending.repository import QuotaRepository, SendRepository

# A round; the rest comes with the next, seconds later.
BATCH = 100

# Whose place it is counts at the claim: here only what the mailbox as a whole has room for.
_NOBODY = ""


async def release_held(db: TenantDatabase, mailbox: Mailbox, clock: Clock) -> int:
    """Queue what may be tried again now; how many. What cannot be queued any more waits for a person.

    No more than there is room for: a hundred waiting mails would else be queued and held again at every round. The
    others say what they wait for now.
    """
    async with db.transaction() as session:
        free = await SendRepository(session, db.tenant_id).free_by(clock.now(), BATCH)
        room, held = await _room(session, db.tenant_id, mailbox, clock) if free else (0, None)
    released = 0
    for send in free[:room]:
        async with db.transaction() as session:
            released += await _release(session, db.tenant_id, send.id)
    if held is not None:
        for send in free[room:]:
            async with db.transaction() as session:
                await restate(session, db.tenant_id, send, held)
    return released


async def _release(session: AsyncSession, tenant_id: UUID, send_id: UUID) -> bool:
    """Queue the draft of a held send; whether it is queued.

    Only where this very send is what the draft waits for: approved anew, taken back or sent by a person since, it is
    not carried out by waiting.
    """
    sends = SendRepository(session, tenant_id)
    found = await sends.get(send_id)
    draft = await DraftRepository(session, tenant_id).locked(found.draft_id) if found is not None else None
    send = await sends.get(send_id)  # as it is now that nobody else is at the draft
    if send is None or draft is None or send.status != SendStatus.HELD or send.release_at is None:
        return False
    approval = await valid_approval(session, tenant_id, draft.id)
    if draft.state != DraftState.HELD or approval is None or approval.id != send.approval_id:
        await sends.change(send_id, status=SendStatus.CANCELLED, release_at=None)
        return False
    await queue_send(session, tenant_id, draft.id, actor=SYSTEM, delay_seconds=0)
    return True


async def _room(session: AsyncSession, tenant_id: UUID, mailbox: Mailbox, clock: Clock) -> tuple[int, Held | None]:
    """How many more mails may leave this mailbox now, and why none: one at a time where they are kept apart."""
    policy, now = await read_sending_policy(session, tenant_id, mailbox.policy), clock.now()
    zone = ZoneInfo(mailbox.seller.time_zone)
    closed = outside_hours(policy, zone, now)
    if closed is not None:
        return 0, closed
    counted = await QuotaRepository(session, tenant_id).counted(
        mailbox.address, _NOBODY, day=day_of(now, zone), week=iso_week_of(now, zone), now=now
    )
    reached = [limit for limit in exhausted(counted, policy, zone, now) if limit.is_of_mailbox]
    if reached:
        return 0, over_quota(reached, policy, zone)
    left = remaining(counted, policy)
    return min(left.today, left.this_week, 1 if policy.send_spacing_seconds else BATCH), None
