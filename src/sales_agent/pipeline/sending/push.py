"""Laying the approved words into the draft in the mailbox, unless a person has been at it since we last wrote there."""

import datetime as dt
from dataclasses import dataclass

from sales_agent.connectors.errors import Missing
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.reader import MailReader, SentMail, StoredMailDraft
from sales_agent.connectors.permit import marker_of
from sales_agent.effects.models import EffectStatus
from sales_agent.effects.once import EffectOutcome, EffectRequest, EffectsDoor
from sales_agent.pipeline.drafting.mail_kinds import (
    CREATE_MAIL_DRAFT,
    UPDATE_MAIL_DRAFT,
    MailDraftChange,
    MailDraftWish,
)
from sales_agent.pipeline.drafting.models import Draft
from sales_agent.pipeline.sending.claim import Claimed
from sales_agent.pipeline.sending.gates import Held
from sales_agent.pipeline.sending.models import Send

# How far the mailbox's clock and ours may be apart.
CLOCKS_DIFFER = dt.timedelta(minutes=5)

# What `seen_in_mailbox` says of a draft that a person threw away.
THROWN_AWAY = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """The draft in the mailbox, with the approved words. `markers`: those its mail will carry when it has left."""

    mail_draft_id: str
    message_id: str
    markers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A person was at the draft: `seen` is its message as they left it, THROWN_AWAY where it is gone."""

    held: Held
    seen: str


async def push(
    claimed: Claimed, mail: OutgoingMail, reader: MailReader, door: EffectsDoor, known: frozenset[str]
) -> Pushed | Touched | SentMail | Held:
    """The approved words in the mailbox; else what a person did to the draft there, or why it must wait."""
    draft, send = claimed.draft, claimed.send
    lies_there = await _lying(reader, draft)
    if draft.mail_draft_id and lies_there is None:
        sent = await sent_by_hand(reader, draft, claimed.words.subject, known)
        if sent is not None:
            return sent
        if send.seen_in_mailbox != THROWN_AWAY:
            reason = "a person changed the draft in the mailbox, or threw it away"
            return Touched(Held("mailbox", reason, "Send it again: a new draft is made there."), THROWN_AWAY)
    if lies_there is None:
        outcome = await door.once(
            EffectRequest(
                f"send:{send.id}:instead_of:{draft.mail_draft_id}",
                CREATE_MAIL_DRAFT.name,
                MailDraftWish(draft.id, mail, is_push=True),
                draft.run_id,
            )
        )
        return _pushed(outcome)
    if lies_there.message_id == send.pushed_message_id:
        return Pushed(lies_there.draft_id, lies_there.message_id, (lies_there.marker,))
    if _is_touched(draft, lies_there) and send.seen_in_mailbox != lies_there.message_id:
        return await _ours_or_touched(draft, send, lies_there, door)
    outcome = await door.once(
        EffectRequest(
            _over(send, lies_there.message_id),
            UPDATE_MAIL_DRAFT.name,
            MailDraftChange(draft.id, lies_there.draft_id, mail),
            draft.run_id,
        )
    )
    return _pushed(outcome)


async def sent_by_hand(reader: MailReader, draft: Draft, subject: str, known: frozenset[str]) -> SentMail | None:
    """The mail that this draft became in the mailbox's own window; `known`: messages of sends that are told apart.

    Found by its marker; else, since words a person edited lose it, among the mails to that address since the draft was
    made: in the draft's own thread, or with its subject.
    """
    if draft.mail_marker:
        found = await reader.find_sent([draft.mail_marker], to=draft.to_address, thread_id=draft.thread_id)
        if found is not None:
            return found
    for message in await reader.sent_to(draft.to_address, after=draft.created_at - CLOCKS_DIFFER):
        is_alike = message.thread_id == draft.thread_id or _words(message.subject) == _words(subject)
        if is_alike and message.id not in known:
            return SentMail(message.id, message.thread_id)
    return None


async def _lying(reader: MailReader, draft: Draft) -> StoredMailDraft | None:
    if not draft.mail_draft_id:
        return None
    try:
        return await reader.draft(draft.mail_draft_id)
    except Missing:
        return None


async def _ours_or_touched(
    draft: Draft, send: Send, lies_there: StoredMailDraft, door: EffectsDoor
) -> Pushed | Touched | Held:
    """Words that an attempt of ours laid there before its answer was lost, or a person's."""
    for before in (draft.mail_message_id, send.seen_in_mailbox):
        laid = await door.conclude(_over(send, before)) if before else None
        if laid is not None:
            return _pushed(laid)
    words = "Send it again to send the approved words instead of theirs."
    return Touched(Held("mailbox", "a person changed the draft in the mailbox", words), lies_there.message_id)


def _over(send: Send, message_id: str) -> str:
    """The key under which the words of a send are laid over that message of the draft."""
    return f"send:{send.id}:over:{message_id}"


def _is_touched(draft: Draft, lies_there: StoredMailDraft) -> bool:
    """Whether its present message is not one that we wrote there."""
    return draft.mail_message_id is not None and lies_there.message_id != draft.mail_message_id


def _pushed(outcome: EffectOutcome) -> Pushed | Held:
    if outcome.status is not EffectStatus.DONE:
        return Held("mailbox", outcome.held_because, "It can be sent again once that has changed.")
    message_id = str(outcome.result.get("message_id", ""))
    return Pushed(outcome.provider_id, message_id, (marker_of(outcome.effect_id),))


def _words(subject: str) -> str:
    return " ".join(subject.split()).casefold()
