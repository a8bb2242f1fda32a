"""Writing HubSpot: contacts, companies, tasks and notes, each linked as it is created, in one call."""

from collections.abc import Mapping, Sequence

from sales_agent.connectors.account import Account
from sales_agent.connectors.crm.hubspot.associations import AssociationTypes, Link, association
from sales_agent.connectors.crm.hubspot.paths import objects_path
from sales_agent.connectors.crm.hubspot.records import html_body, hubspot_time, record_of
from sales_agent.connectors.crm.writer import NewNote, NewTask
from sales_agent.connectors.errors import AlreadyExists
from sales_agent.connectors.permit import Permit


class HubSpotWriter:
    """One portal's hands. Implements CrmWriter. Keep it: it remembers which association types were verified."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._types = AssociationTypes(account)

    async def verify_association_types(self) -> None:
        """Check every link we may make; raises AssociationTypeUnknown. Each write checks its own anyway."""
        await self._types.verify(*Link)

    async def create_contact(self, properties: Mapping[str, str], company_id: str, permit: Permit) -> str:
        """The new id, or the id of the contact that has this address already, which is left as it is."""
        permit.covers("crm.create_contact")
        try:
            return await self._create("contacts", properties, [(Link.CONTACT_TO_COMPANY, company_id)], permit)
        except AlreadyExists as exists:
            if not exists.existing_id:
                raise
            return exists.existing_id

    async def create_company(self, properties: Mapping[str, str], permit: Permit) -> str:
        """The new id; HubSpot makes a second company of the same domain without a word."""
        permit.covers("crm.create_company")
        return await self._create("companies", properties, [], permit)

    async def create_task(self, task: NewTask, permit: Permit) -> str:
        """The new id. `hs_timestamp` is the moment it is due."""
        permit.covers("crm.create_task")
        properties = {
            "hs_timestamp": hubspot_time(task.due_at),
            "hs_task_subject": task.subject,
            "hs_task_body": html_body(task.body, permit.marker),
            "hs_task_status": "NOT_STARTED",
            "hs_task_priority": "MEDIUM",
            "hs_task_type": "TODO",
            "hubspot_owner_id": task.owner_id,
        }
        links = [(Link.TASK_TO_CONTACT, task.contact_id), (Link.TASK_TO_COMPANY, task.company_id)]
        return await self._create("tasks", properties, links, permit)

    async def create_note(self, note: NewNote, permit: Permit) -> str:
        """The new id."""
        permit.covers("crm.create_note")
        properties = {
            "hs_timestamp": hubspot_time(note.noted_at),
            "hs_note_body": html_body(note.body, permit.marker),
        }
        links = [(Link.NOTE_TO_CONTACT, note.contact_id), (Link.NOTE_TO_COMPANY, note.company_id)]
        return await self._create("notes", properties, links, permit)

    async def _create(
        self, kind: str, properties: Mapping[str, str], links: Sequence[tuple[Link, str]], permit: Permit
    ) -> str:
        """Create with those links that have a target; empty properties are not sent, so nothing is blanked."""
        made = [(link, target) for link, target in links if target]
        await self._types.verify(*(link for link, _ in made))
        body = {
            "properties": {name: value for name, value in properties.items() if value},
            "associations": [association(link, target) for link, target in made],
        }
        return record_of(await self._account.write(objects_path(f"/{kind}"), json=body, permit=permit)).id
