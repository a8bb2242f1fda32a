"""Held mails that only had to wait: as many as have room now are queued again, longest waiting first."""

from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.sending_policy import read_sending_policy
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.kit.errors import AppError
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.outgoing import queue_send
from sales_agent.pipeline.sending.claim import Mailbox
from sales_agent.pipeline.sending.hours import day_of, iso_week_of, next_opening
from sales_agent.pipeline.sending.models import SendStatus
from sales_agent.pipeline.sending.quotas import exhausted, remaining
from sales_agent.pipeline.sending.repository import QuotaRepository, SendRepository

log = structlog.get_logger()

# A round; the rest comes with the next, seconds later.
BATCH = 100

# Whose place it is counts at the claim: here only what the mailbox as a whole has room for.
_NOBODY = ""


async def release_held(db: TenantDatabase, mailbox: Mailbox, clock: Clock) -> int:
    """Queue what may be tried again now; how many. What cannot be queued any more waits for a person.

    No more than there is room for: a hundred waiting mails would else be queued and held again at every round.
    """
    async with db.transaction() as session:
        free = await SendRepository(session, db.tenant_id).free_by(clock.now(), BATCH)
        room = await _room(session, db.tenant_id, mailbox, clock) if free else 0
    released = 0
    for send in free[:room]:
        try:
            async with db.transaction() as session:
                await queue_send(session, db.tenant_id, send.draft_id, actor=SYSTEM, delay_seconds=0)
        except AppError as error:
            log.info("send.not_released", send_id=str(send.id), code=error.code())
            await _leave_to_a_person(db, send.id)
        else:
            released += 1
    return released


async def _room(session: AsyncSession, tenant_id: UUID, mailbox: Mailbox, clock: Clock) -> int:
    """How many more mails may leave this mailbox at this moment; one at a time where they are kept apart."""
    policy, now = await read_sending_policy(session, tenant_id, mailbox.policy), clock.now()
    zone = ZoneInfo(mailbox.seller.time_zone)
    if next_opening(now, policy, zone) != now:
        return 0
    counted = await QuotaRepository(session, tenant_id).counted(
        mailbox.address, _NOBODY, day=day_of(now, zone), week=iso_week_of(now, zone), now=now
    )
    if any(limit.is_of_mailbox for limit in exhausted(counted, policy, zone, now)):
        return 0
    left = remaining(counted, policy)
    return min(left.today, left.this_week, 1 if policy.send_spacing_seconds else BATCH)


async def _leave_to_a_person(db: TenantDatabase, send_id: UUID) -> None:
    """The draft was approved anew, rejected, or taken back since: this send will not be carried out."""
    async with db.transaction() as session:
        await SendRepository(session, db.tenant_id).change(send_id, status=SendStatus.CANCELLED, release_at=None)
