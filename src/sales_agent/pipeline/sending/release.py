"""Held mails that only had to wait: when their time has come they are queued again, longest waiting first."""

from uuid import UUID

import structlog

from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.kit.errors import AppError
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.outgoing import queue_send
from sales_agent.pipeline.sending.models import SendStatus
from sales_agent.pipeline.sending.repository import SendRepository

log = structlog.get_logger()

# A round; the rest comes with the next, seconds later.
BATCH = 100


async def release_held(db: TenantDatabase, clock: Clock) -> int:
    """Queue what may be tried again now; how many. What cannot be queued any more waits for a person."""
    async with db.transaction() as session:
        free = await SendRepository(session, db.tenant_id).free_by(clock.now(), BATCH)
    released = 0
    for send in free:
        try:
            async with db.transaction() as session:
                await queue_send(session, db.tenant_id, send.draft_id, actor=SYSTEM, delay_seconds=0)
        except AppError as error:
            log.info("send.not_released", send_id=str(send.id), code=error.code())
            await _leave_to_a_person(db, send.id)
        else:
            released += 1
    return released


async def _leave_to_a_person(db: TenantDatabase, send_id: UUID) -> None:
    """The draft was approved anew, rejected, or taken back since: this send will not be carried out."""
    async with db.transaction() as session:
        await SendRepository(session, db.tenant_id).change(send_id, status=SendStatus.CANCELLED, release_at=None)
