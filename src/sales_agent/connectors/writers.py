"""The bundle of writers: handed to the effects ledger only."""

from dataclasses import dataclass

from sales_agent.connectors.crm.writer import CrmWriter
from sales_agent.connectors.mail.drafter import MailDrafter
from sales_agent.connectors.mail.sender import MailSender


@dataclass(frozen=True, slots=True)
class Writers:
    """One tenant's hands."""

    crm: CrmWriter
    mail: MailDrafter
    sender: MailSender
