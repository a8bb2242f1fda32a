"""Port: reading the seller's mailbox."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One message as the mailbox shows it. `text` is plain text (HTML is already reduced), quotes still in it."""

    id: str
    thread_id: str
    message_id_header: str
    references: str
    from_address: str
    from_name: str
    to_addresses: tuple[str, ...]
    subject: str
    sent_at: dt.datetime
    text: str
    label_ids: tuple[str, ...] = ()
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class MailThread:
    """A thread with its messages in time order."""

    id: str
    subject: str
    messages: tuple[MailMessage, ...]

    @property
    def last_message_at(self) -> dt.datetime:
        """When the newest message was sent."""
        return self.messages[-1].sent_at


@dataclass(frozen=True, slots=True)
class StoredMailDraft:
    """A draft lying in the mailbox. `marker` is that of the effect that wrote its present message.

    A person who edits the draft by hand writes a new message, which has no marker.
    """

    draft_id: str
    message_id: str
    thread_id: str
    marker: str = ""


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that left: the message under which the mailbox keeps it, another one than the draft's."""

    message_id: str
    thread_id: str


class MailReader(Protocol):
    """Reads; never changes anything."""

    async def own_address(self) -> str:
        """The address of the mailbox itself, lower case."""
        ...

    async def threads_with(self, address: str, *, limit: int = 10) -> Sequence[MailThread]:
        """Threads to or from `address`, newest first, messages in full."""
        ...

    async def thread(self, thread_id: str) -> MailThread:
        """One thread; raises Missing."""
        ...

    async def find_draft(self, marker: str, *, to: str) -> StoredMailDraft | None:
        """The draft that carries a permit's marker, or None if the mailbox has none."""
        ...

    async def draft(self, draft_id: str) -> StoredMailDraft:
        """The draft as it lies there now; raises Missing when it was sent, thrown away, or given another id."""
        ...

    async def drafts(self) -> Mapping[str, str]:
        """Every draft in the mailbox: its id, and that of its present message."""
        ...

    async def find_sent(self, markers: Sequence[str], *, to: str, thread_id: str | None) -> SentMail | None:
        """The sent message that carries one of these markers, or None if the mailbox has none.

        Looked for in that thread, then among the newest mails sent to that address, then among the newest of all.
        """
        ...

    async def message_id_header(self, message_id: str) -> str:
        """The Message-ID under which a message really left, "" where it has none; raises Missing."""
        ...

    async def sent_to(self, address: str, *, after: dt.datetime, limit: int = 10) -> Sequence[MailMessage]:
        """Mails sent to `address` since that second by the provider's clock, newest first, by whatever hand."""
        ...

    async def thread_label_names(self, thread_id: str) -> frozenset[str]:
        """Names of the labels on a thread."""
        ...
