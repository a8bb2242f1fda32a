"""Port: drafts and labels in the seller's own mailbox. Nothing here reaches a prospect."""

from dataclasses import dataclass
from typing import Protocol

from sales_agent.connectors.mail.reader import StoredMailDraft
from sales_agent.connectors.permit import Permit


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """What a draft says. For a reply: the thread, and the headers of the message it answers.

    `list_unsubscribe`: the https URL that takes a one-click POST (RFC 8058); empty for none.
    """

    to_address: str
    to_name: str
    from_address: str
    from_name: str
    subject: str
    body: str
    thread_id: str | None = None
    in_reply_to: str = ""
    references: str = ""
    list_unsubscribe: str = ""


class MailDrafter(Protocol):
    """Keeps drafts. Each method needs a permit of its kind."""

    async def create_draft(self, mail: OutgoingMail, permit: Permit) -> StoredMailDraft:
        """Kind `mail.create_draft`: a draft that carries the permit's marker in the header X-Sales-Agent-Effect."""
        ...

    async def update_draft(self, draft_id: str, mail: OutgoingMail, permit: Permit) -> StoredMailDraft:
        """Kind `mail.update_draft`: other words in a draft, which keeps its id and gets a new message.

        The message carries this permit's marker. Raises Missing when the draft is gone.
        """
        ...

    async def label_thread(self, thread_id: str, label_name: str, permit: Permit) -> None:
        """Kind `mail.label_thread`: puts a label on a thread, made when missing."""
        ...
