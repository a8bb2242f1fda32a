"""What counts as a reply: a person's own answer to our mail, told apart from bounces, robots and forgeries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sales_agent.kit.addresses import canonical_address

# Gmail's label on what this mailbox sent itself.
_OURS: Final = "SENT"
_NEVER_A_REPLY: Final = frozenset({_OURS, "DRAFT", "SPAM", "TRASH"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message without its words: who wrote to whom, when, and in answer to what. `id`: the provider's."""

    thread_id: str
    message_id_header: str
    references: str
    from_address: str
    to_addresses: tuple[str, ...]
    sent_at: dt.datetime
    label_ids: tuple[str, ...] = ()
    is_automatic: bool = False
    id: str = ""


def newest_reply(envelopes: Sequence[Envelope], address: str, since: dt.datetime) -> dt.datetime | None:
    """When `address` last replied, at `since` or later; None if it did not."""
    times = [reply.sent_at for reply in replies_of(envelopes, address) if reply.sent_at >= since]
    return max(times, default=None)


def replies_of(envelopes: Sequence[Envelope], address: str) -> tuple[Envelope, ...]:
    """The replies of `address` among these messages.

    A From line is easily forged, so it proves nothing alone: the message must refer to the Message-ID of an earlier
    mail that this mailbox sent to that very address, which nobody but its reader can know.
    """
    person = canonical_address(address)
    if not person:
        return ()
    ours = [envelope for envelope in envelopes if _OURS in envelope.label_ids and _is_to(envelope, person)]
    return tuple(
        envelope
        for envelope in envelopes
        if not envelope.is_automatic
        and _NEVER_A_REPLY.isdisjoint(envelope.label_ids)
        and canonical_address(envelope.from_address) == person
        and any(_answers(envelope, mail) for mail in ours)
    )


def _is_to(envelope: Envelope, person: str) -> bool:
    return any(canonical_address(address) == person for address in envelope.to_addresses)


def _answers(reply: Envelope, mail: Envelope) -> bool:
    return (
        mail.message_id_header != ""
        and mail.thread_id == reply.thread_id
        and mail.sent_at < reply.sent_at
        and mail.message_id_header in reply.references.split()
    )
