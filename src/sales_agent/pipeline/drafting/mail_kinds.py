"""The outward writes that keep a draft in the seller's own mailbox: nothing here reaches a prospect."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.reader import StoredMailDraft
from sales_agent.connectors.permit import Permit, marker_of
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers
from sales_agent.effects.kinds import Done, EffectKind
from sales_agent.pipeline.drafting.create import attach_mail_draft
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository

# Where a draft waits for a person, who may find it in the mailbox too.
_OPEN = frozenset(
    {
        DraftState.DRAFTING,
        DraftState.NEEDS_REVIEW,
        DraftState.AUTO_APPROVED,
        DraftState.BLOCKED,
        DraftState.APPROVED,
        DraftState.HELD,
        DraftState.SNOOZED,
        DraftState.SEND_FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class MailDraftWish:
    """A draft for the mailbox. `is_push`: made by the send itself, in place of one that a person threw away."""

    draft_id: UUID
    mail: OutgoingMail
    is_push: bool = False


@dataclass(frozen=True, slots=True)
class MailDraftChange:
    """Other words for a draft that lies in the mailbox."""

    draft_id: UUID
    mail_draft_id: str
    mail: OutgoingMail


async def _create(writers: Writers, wish: MailDraftWish, _: str, permit: Permit) -> Done:
    return _done(await writers.mail.create_draft(wish.mail, permit))


async def _still_wanted(session: AsyncSession, tenant_id: UUID, wish: MailDraftWish) -> str | None:
    """Held for days, the wish may be of other words by now, or of a draft that is on its way or over."""
    if wish.is_push:
        return None
    found = await DraftRepository(session, tenant_id).get(wish.draft_id)
    if found is None or found[0].state not in _OPEN:
        return "the draft is on its way or over"
    draft, words = found
    if draft.mail_draft_id is not None:
        return "the draft lies in the mailbox already"
    return (
        None if (words.subject, words.body) == (wish.mail.subject, wish.mail.body) else "the draft has other words now"
    )


async def _find_created(readers: Readers, wish: MailDraftWish, _: str, permit: Permit) -> Done | None:
    stored = await readers.mail.find_draft(permit.marker, to=wish.mail.to_address)
    return None if stored is None else _done(stored)


async def _change(writers: Writers, wish: MailDraftChange, _: str, permit: Permit) -> Done:
    return _done(await writers.mail.update_draft(wish.mail_draft_id, wish.mail, permit))


async def _find_changed(readers: Readers, wish: MailDraftChange, _: str, permit: Permit) -> Done | None:
    stored = await readers.mail.draft(wish.mail_draft_id)
    return _done(stored) if stored.marker == permit.marker else None


def _done(stored: StoredMailDraft) -> Done:
    return Done(stored.draft_id, {"message_id": stored.message_id, "thread_id": stored.thread_id})


async def _attach(
    session: AsyncSession, tenant_id: UUID, effect_id: UUID, wish: MailDraftWish | MailDraftChange, done: Done
) -> None:
    message_id = str(done.result.get("message_id") or "") or None
    await attach_mail_draft(
        session, tenant_id, wish.draft_id, done.provider_id, message_id, marker=marker_of(effect_id)
    )


CREATE_MAIL_DRAFT = EffectKind(
    "mail.create_draft",
    MailDraftWish,
    _create,
    _find_created,
    on_done=_attach,
    guard=_still_wanted,
    title="Put the draft into the mailbox",
)
UPDATE_MAIL_DRAFT = EffectKind(
    "mail.update_draft",
    MailDraftChange,
    _change,
    _find_changed,
    on_done=_attach,
    title="Put other words into the draft in the mailbox",
    is_released_here=False,
)
