"""Port: writing customer records. Each method needs a permit of its kind."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sales_agent.connectors.permit import Permit


@dataclass(frozen=True, slots=True)
class NewTask:
    """A to-do for the seller. `owner_id` empty: nobody's. Body is plain text."""

    subject: str
    body: str
    due_at: dt.datetime
    contact_id: str
    company_id: str = ""
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class NewNote:
    """What was found about a lead, for the record. At most 65,536 characters."""

    body: str
    noted_at: dt.datetime
    contact_id: str
    company_id: str = ""


class CrmWriter(Protocol):
    """Writes what the steps may write, and no more: never a deal, never an opt-out."""

    async def create_contact(self, properties: Mapping[str, str], company_id: str, permit: Permit) -> str:
        """Kind `crm.create_contact`: the new id; an existing contact (409) is adopted."""
        ...

    async def create_company(self, properties: Mapping[str, str], permit: Permit) -> str:
        """Kind `crm.create_company`: the new id."""
        ...

    async def create_task(self, task: NewTask, permit: Permit) -> str:
        """Kind `crm.create_task`: the new id; the permit's marker ends the body."""
        ...

    async def create_note(self, note: NewNote, permit: Permit) -> str:
        """Kind `crm.create_note`: the new id; the permit's marker ends the body."""
        ...
