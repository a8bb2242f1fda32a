"""Reads the mail with one person: cleaned, merged in time order, summed up."""

from dataclasses import dataclass

from sales_agent.connectors.mail.reader import MailThread


@dataclass(frozen=True, slots=True)
class ReadThreads:
    """The threads with one person, in any order."""

    threads: tuple[MailThread, ...]
    lead_address: str
    seller_address: str
