"""THE outward write that reaches a prospect: one request, and after a lost answer evidence instead of another one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.errors import Missing
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers
from sales_agent.effects.kinds import Done, EffectKind
from sales_agent.effects.once import EffectUnsettled
from sales_agent.pipeline.approval.fingerprint import World, changes
from sales_agent.pipeline.sending.guard import send_guard
from sales_agent.pipeline.sending.outcome import record_sent
from sales_agent.pipeline.sending.world import look


@dataclass(frozen=True, slots=True)
class SendWish:
    """A draft to be sent as it was pushed into the mailbox.

    `markers`: those of the effects that wrote its words there; the mail carries one when it has left.
    `mail_message_id`: the draft's message as pushed. `approved`: the world the approval saw.
    """

    send_id: UUID
    draft_id: UUID
    draft_version: int
    body_hash: str
    to_address: str
    thread_id: str | None
    mail_draft_id: str
    mail_message_id: str
    markers: tuple[str, ...]
    approved: World
    calendar_ids: tuple[str, ...]


class DraftGoneUnseen(EffectUnsettled):
    """The draft has left the mailbox, and no sent mail was found yet: whether it went out is not known."""


async def _send(writers: Writers, wish: SendWish, _: str, permit: Permit) -> Done:
    sent = await writers.sender.send_draft(wish.mail_draft_id, permit)
    return Done(sent.message_id, {"thread_id": sent.thread_id})


async def _find_sent(readers: Readers, wish: SendWish, _dependency: str, _permit: Permit) -> Done | None:
    """The mail, or None where the draft still lies in the mailbox: sending would have consumed it."""
    try:
        await readers.mail.draft(wish.mail_draft_id)
    except Missing:
        sent = await readers.mail.find_sent(wish.markers, to=wish.to_address, thread_id=wish.thread_id)
        if sent is None:
            raise DraftGoneUnseen from None
        return Done(sent.message_id, {"thread_id": sent.thread_id})
    return None


async def send_objection(readers: Readers, wish: SendWish) -> str | None:
    """What has changed since the approval: in the draft itself, in the thread, the calendar, the CRM."""
    try:
        lies_there = await readers.mail.draft(wish.mail_draft_id)
    except Missing:
        return "the draft has left the mailbox"
    if lies_there.message_id != wish.mail_message_id:
        return "a person changed the draft in the mailbox"
    seen = await look(readers, wish.approved, address=wish.to_address, calendar_ids=wish.calendar_ids)
    return "; ".join(changes(wish.approved, seen.world)) or None


async def _guard(session: AsyncSession, tenant_id: UUID, wish: SendWish) -> str | None:
    return await send_guard(
        session,
        tenant_id,
        wish.draft_id,
        send_id=wish.send_id,
        version=wish.draft_version,
        body_hash=wish.body_hash,
        address=wish.to_address,
    )


async def _done(session: AsyncSession, tenant_id: UUID, _: UUID, wish: SendWish, done: Done) -> None:
    await record_sent(
        session,
        tenant_id,
        wish.send_id,
        message_id=done.provider_id,
        thread_id=str(done.result.get("thread_id", "")),
    )


SEND_MAIL = EffectKind(
    "mail.send_draft",
    SendWish,
    _send,
    _find_sent,
    switch="real_sends",
    on_done=_done,
    objection=send_objection,
    guard=_guard,
    title="Send the mail",
    is_released_here=False,
)
