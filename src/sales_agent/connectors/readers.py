"""The bundle of readers: may be handed to any step."""

from dataclasses import dataclass

from sales_agent.connectors.calendar.reader import CalendarReader
from sales_agent.connectors.crm.reader import CrmReader
from sales_agent.connectors.files.reader import FilesReader
from sales_agent.connectors.llm.port import Embedder, LanguageModel
from sales_agent.connectors.mail.reader import MailReader


@dataclass(frozen=True, slots=True)
class Readers:
    """One tenant's eyes."""

    crm: CrmReader
    mail: MailReader
    files: FilesReader
    calendar: CalendarReader
    model: LanguageModel
    embedder: Embedder
