"""Sending through Gmail: a draft by its id, which the send consumes, so that a second try finds nothing to send."""

from sales_agent.connectors.account import Account
from sales_agent.connectors.answer import required_text
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.mail.reader import SentMail
from sales_agent.connectors.permit import Permit


class GmailSender:
    """One mailbox. Implements MailSender."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def send_draft(self, draft_id: str, permit: Permit) -> SentMail:
        """One request, never asked again: Gmail knows no key by which it could tell a second try from a second mail."""
        permit.covers("mail.send_draft")
        answer = await self._account.write_but_once(paths.SEND_DRAFT, json={"id": draft_id}, permit=permit)
        return SentMail(message_id=required_text(answer, "id"), thread_id=required_text(answer, "threadId"))
