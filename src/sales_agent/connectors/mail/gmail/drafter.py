"""Drafts and labels in the seller's mailbox through Gmail: nothing here reaches a prospect."""

from sales_agent.connectors.account import Account
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.mail.gmail.labels import label_id
from sales_agent.connectors.mail.gmail.mime import raw_mail
from sales_agent.connectors.mail.gmail.reader import stored_draft
from sales_agent.connectors.mail.reader import StoredMailDraft
from sales_agent.connectors.permit import Permit


class GmailDrafter:
    """One mailbox. Implements MailDrafter."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def create_draft(self, mail: OutgoingMail, permit: Permit) -> StoredMailDraft:
        """A draft; in the thread only if its headers and subject really answer it. Raises MailUnsendable."""
        permit.covers("mail.create_draft")
        answer = await self._account.write(paths.DRAFTS, json={"message": _message(mail, permit)}, permit=permit)
        return stored_draft(answer, permit.marker)

    async def update_draft(self, draft_id: str, mail: OutgoingMail, permit: Permit) -> StoredMailDraft:
        """Other words in a draft, which keeps its id. Raises Missing when it is gone, MailUnsendable."""
        permit.covers("mail.update_draft")
        body = {"message": _message(mail, permit)}
        answer = await self._account.write(paths.DRAFT, {"id": draft_id}, json=body, permit=permit, method="PUT")
        return stored_draft(answer, permit.marker)

    async def label_thread(self, thread_id: str, label_name: str, permit: Permit) -> None:
        """Put a label on every message of a thread; raises Missing for a thread that is gone."""
        permit.covers("mail.label_thread")
        body = {"addLabelIds": [await label_id(self._account, label_name, permit)]}
        await self._account.write(paths.MODIFY_THREAD, {"id": thread_id}, json=body, permit=permit)


def _message(mail: OutgoingMail, permit: Permit) -> dict[str, str]:
    thread = {"threadId": mail.thread_id} if mail.thread_id else {}
    return {"raw": raw_mail(mail, permit.marker), **thread}
