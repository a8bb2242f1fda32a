"""Port: the one way a mail leaves for a prospect."""

from typing import Protocol

from sales_agent.connectors.mail.reader import SentMail
from sales_agent.connectors.permit import Permit


class MailSender(Protocol):
    """Sends. Its method needs a permit of its kind."""

    async def send_draft(self, draft_id: str, permit: Permit) -> SentMail:
        """Kind `mail.send_draft`: sends the draft as it lies there, in one request for one permit.

        Raises:
            Missing: there is no such draft (any more): it was sent, thrown away, or given another id.
            Permanent, RateLimited, AuthExpired: refused; nothing left.
            Transient: nothing left where `may_have_acted` is false. Else nobody knows: look for evidence.
        """
        ...
