"""Association types: numbers that hold in one direction, checked against the portal before a write needs them."""

import asyncio
from enum import StrEnum

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import count_at, listed_at, text_at
from sales_agent.connectors.crm.hubspot.paths import labels_path
from sales_agent.connectors.errors import Permanent

_CATEGORY = "HUBSPOT_DEFINED"


class AssociationTypeUnknown(Permanent):
    """The portal does not know an association type by the number HubSpot documents."""


class Link(StrEnum):
    """From which type to which, as `start_to_end`."""

    TASK_TO_CONTACT = "tasks_to_contacts"
    TASK_TO_COMPANY = "tasks_to_companies"
    NOTE_TO_CONTACT = "notes_to_contacts"
    NOTE_TO_COMPANY = "notes_to_companies"
    CONTACT_TO_COMPANY = "contacts_to_companies"

    @property
    def ends(self) -> dict[str, str]:
        """The two types as path parameters."""
        start, _, end = self.value.partition("_to_")
        return {"start": start, "end": end}


# HubSpot's own numbers; the other direction of each pair has another one.
TYPE_IDS = {
    Link.TASK_TO_CONTACT: 204,
    Link.TASK_TO_COMPANY: 192,
    Link.NOTE_TO_CONTACT: 202,
    Link.NOTE_TO_COMPANY: 190,
    Link.CONTACT_TO_COMPANY: 279,
}

# The label of the company a contact belongs to first.
PRIMARY_LABEL = "Primary"


def association(link: Link, to_id: str) -> dict[str, object]:
    """An inline association of a record that is being created."""
    types = [{"associationCategory": _CATEGORY, "associationTypeId": TYPE_IDS[link]}]
    return {"to": {"id": to_id}, "types": types}


class AssociationTypes:
    """Remembers which links the portal has confirmed, so that each is asked for once."""

    def __init__(self, account: Reads) -> None:
        self._account = account
        self._confirmed: set[Link] = set()
        self._lock = asyncio.Lock()

    async def verify(self, *links: Link) -> None:
        """Raises AssociationTypeUnknown unless the portal has each link under our number, in our direction."""
        async with self._lock:
            for link in links:
                if link not in self._confirmed:
                    await self._confirm(link)

    async def _confirm(self, link: Link) -> None:
        answer = await self._account.read(labels_path(), link.ends)
        known = {
            count_at(found, "typeId")
            for found in listed_at(answer, "results")
            if text_at(found, "category") == _CATEGORY
        }
        if TYPE_IDS[link] not in known:
            raise AssociationTypeUnknown(f"{link} is not {TYPE_IDS[link]} in this portal")
        self._confirmed.add(link)
