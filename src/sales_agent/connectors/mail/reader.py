"""Port: reading the seller's mailbox."""

import datetime as dt
from collections.abc import Sequence
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
    """A draft lying in the mailbox."""

    draft_id: str
    message_id: str
    thread_id: str


class MailReader(Protocol):
    """Reads; never changes anything."""

    async def threads_with(self, address: str, *, limit: int = 10) -> Sequence[MailThread]:
        """Threads to or from `address`, newest first, messages in full."""
        ...

    async def thread(self, thread_id: str) -> MailThread:
        """One thread; raises Missing."""
        ...

    async def find_draft(self, marker: str, *, to: str) -> StoredMailDraft | None:
        """The draft that carries a permit's marker, or None if the mailbox has none."""
        ...

    async def thread_label_names(self, thread_id: str) -> frozenset[str]:
        """Names of the labels on a thread."""
        ...
