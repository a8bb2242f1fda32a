"""What happens to drafts that nobody touches: they expire, and snoozed ones wake when their time or a message comes."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.sending_policy import SendingPolicy, read_sending_policy
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.approvals import void
from sales_agent.pipeline.approval.desk import ANSWERS_KEPT
from sales_agent.pipeline.approval.idempotency_repository import IdempotencyRepository
from sales_agent.pipeline.approval.waiting_repository import WaitingRepository
from sales_agent.pipeline.drafting.actions import waiting_state
from sales_agent.pipeline.drafting.create import draft_locked, set_state
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.repository import JobRepository

# Waiting for a person, or approved and waiting for nothing but to be sent.
_EXPIRING: Final = (
    DraftState.NEEDS_REVIEW,
    DraftState.BLOCKED,
    DraftState.AUTO_APPROVED,
    DraftState.APPROVED,
    DraftState.SEND_FAILED,
)

# A held mail waits for a switch or a gate, as long as a held effect does; what it answers is old by then.
HELD_FOR: Final = dt.timedelta(days=14)

# Drafts looked at in one round; the rest come with the next.
_A_ROUND: Final = 500


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many drafts a round expired and woke."""

    expired: int
    woken: int


async def tidy_drafts(db: TenantDatabase, clock: Clock, policy: SendingPolicy) -> Tidied:
    """One round for one tenant; `policy` is that of a tenant that has changed nothing."""
    now = clock.now()
    async with db.transaction() as session:
        limits = await read_sending_policy(session, db.tenant_id, policy)
        waiting = WaitingRepository(session, db.tenant_id)
        await waiting.note((*_EXPIRING, DraftState.HELD), now)
        decided_by = now - dt.timedelta(hours=limits.approval_timeout_hours)
        expired = [
            *await waiting.since_before(_EXPIRING, decided_by, _A_ROUND),
            *await waiting.since_before((DraftState.HELD,), now - HELD_FOR, _A_ROUND),
        ]
        for draft_id in expired:
            await _expire(session, db.tenant_id, draft_id)
        over = await waiting.snoozes_over(now, _A_ROUND)
        for draft_id in over:
            await _wake(session, db.tenant_id, draft_id, "the snooze is over")
        written = await waiting.snoozed_and_written_to(_A_ROUND)
        for draft_id in written:
            await _wake(session, db.tenant_id, draft_id, "the person wrote")
        await IdempotencyRepository(session, db.tenant_id).forget(ANSWERS_KEPT)
    return Tidied(len(expired), len(over) + len(written))


async def wake_for_message(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> int:
    """Wake the snoozed drafts to somebody who has written since; how many. Call it where their mails are stored."""
    written = await WaitingRepository(session, tenant_id).snoozed_and_written_to(_A_ROUND, contact_id=contact_id)
    for draft_id in written:
        await _wake(session, tenant_id, draft_id, "the person wrote")
    return len(written)


async def _expire(session: AsyncSession, tenant_id: UUID, draft_id: UUID) -> None:
    await void(session, tenant_id, draft_id, because="expired", actor=SYSTEM)
    await JobRepository(session, tenant_id).cancel_waiting(JobKind.SEND_DRAFT, draft_id)
    await set_state(session, tenant_id, draft_id, DraftState.EXPIRED, reason="nobody decided in time")


async def _wake(session: AsyncSession, tenant_id: UUID, draft_id: UUID, reason: str) -> None:
    draft = await draft_locked(session, tenant_id, draft_id)
    await set_state(session, tenant_id, draft_id, waiting_state(draft), reason=reason)
