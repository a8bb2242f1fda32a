"""Recipients known to be good: who joins the list by a mail that really went out, who answered, who is taken off."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.mail_domains import domain_of
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.errors import NotFound
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.reply_repository import CountedReplyRepository
from sales_agent.pipeline.approval.repository import RecipientRepository
from sales_agent.records.conversations.repository import ConversationRepository


class RecipientNotFound(NotFound):
    """There is no approved recipient under this id."""


async def count_send(session: AsyncSession, tenant_id: UUID, email: str, sent_at: dt.datetime) -> None:
    """Count a mail that really went out; simulated ones make nobody known."""
    canonical = canonical_address(email)
    await RecipientRepository(session, tenant_id).count_send(
        email=email, email_canonical=canonical, domain=domain_of(canonical), sent_at=sent_at
    )


async def count_reply(session: AsyncSession, tenant_id: UUID, email: str) -> None:
    """Count a reply of somebody on the list; others are not put on it by replying."""
    await RecipientRepository(session, tenant_id).count_reply(canonical_address(email))


async def count_new_replies(session: AsyncSession, tenant_id: UUID, contact_id: UUID, email: str) -> int:
    """Count the replies of somebody on the list that lie in the thread cache and were not counted; how many.

    Each message counts once, however often the mailbox is read and by however many runs at the same moment.
    """
    if await RecipientRepository(session, tenant_id).by_address(canonical_address(email)) is None:
        return 0
    replies = await ConversationRepository(session, tenant_id).replies_from(contact_id, email)
    new = await CountedReplyRepository(session, tenant_id).add(contact_id, replies)
    for _ in range(new):
        await count_reply(session, tenant_id, email)
    return new


async def remove(session: AsyncSession, tenant_id: UUID, recipient_id: UUID, *, actor: str) -> str:
    """Take a recipient off the list; the address. Raises RecipientNotFound."""
    email = await RecipientRepository(session, tenant_id).remove(recipient_id)
    if email is None:
        raise RecipientNotFound(recipient_id=recipient_id)
    await record(
        session,
        tenant_id,
        AuditEntry("approved_recipient.removed", actor=actor, subject=("approved_recipient", recipient_id)),
    )
    return email
