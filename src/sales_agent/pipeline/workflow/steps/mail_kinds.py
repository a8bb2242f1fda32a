"""The outward writes to the seller's own mailbox: nothing here reaches a prospect."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers
from sales_agent.effects.kinds import Done, EffectKind
from sales_agent.pipeline.drafting.create import attach_mail_draft


@dataclass(frozen=True, slots=True)
class MailDraftWish:
    """A draft for the mailbox."""

    draft_id: UUID
    mail: OutgoingMail


@dataclass(frozen=True, slots=True)
class LabelWish:
    """A label for a thread."""

    thread_id: str
    label: str


async def _create_draft(writers: Writers, wish: MailDraftWish, _: str, permit: Permit) -> Done:
    stored = await writers.mail.create_draft(wish.mail, permit)
    return Done(stored.draft_id, {"message_id": stored.message_id, "thread_id": stored.thread_id})


async def _find_draft(readers: Readers, wish: MailDraftWish, _: str, permit: Permit) -> Done | None:
    stored = await readers.mail.find_draft(permit.marker, to=wish.mail.to_address)
    if stored is None:
        return None
    return Done(stored.draft_id, {"message_id": stored.message_id, "thread_id": stored.thread_id})


async def _draft_done(session: AsyncSession, tenant_id: UUID, _: UUID, wish: MailDraftWish, done: Done) -> None:
    message_id = str(done.result.get("message_id", "")) or None
    await attach_mail_draft(session, tenant_id, wish.draft_id, done.provider_id, message_id)


async def _label_thread(writers: Writers, wish: LabelWish, _: str, permit: Permit) -> Done:
    await writers.mail.label_thread(wish.thread_id, wish.label, permit)
    return Done(wish.thread_id)


async def _find_label(readers: Readers, wish: LabelWish, _dependency: str, _permit: Permit) -> Done | None:
    labels = await readers.mail.thread_label_names(wish.thread_id)
    return Done(wish.thread_id) if wish.label in labels else None


CREATE_MAIL_DRAFT = EffectKind("mail.create_draft", MailDraftWish, _create_draft, _find_draft, on_done=_draft_done)
LABEL_THREAD = EffectKind("mail.label_thread", LabelWish, _label_thread, _find_label)
