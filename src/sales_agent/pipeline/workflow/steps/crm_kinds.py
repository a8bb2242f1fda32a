"""The outward writes of customer records: how each is made, and how it is found again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.crm.writer import NewNote, NewTask
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers
from sales_agent.effects.kinds import Done, EffectKind
from sales_agent.records.activities.repository import ActivityRepository
from sales_agent.records.leads.repository import ContactRepository

# They can trigger the customer's own automation in HubSpot, so they have a switch of their own.
SWITCH = "allow_crm_writes"


@dataclass(frozen=True, slots=True)
class CompanyWish:
    """A company nobody has entered yet, known by its domain."""

    domain: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ContactWish:
    """A person nobody has entered yet. `contact_id` is our row; an empty company id waits for the company's effect."""

    contact_id: UUID
    email: str
    properties: Mapping[str, str]
    company_crm_id: str


@dataclass(frozen=True, slots=True)
class TaskWish:
    """A to-do; an empty contact id waits for the contact's effect."""

    subject: str
    body: str
    due_at: dt.datetime
    contact_crm_id: str
    company_crm_id: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class NoteWish:
    """A note; an empty contact id waits for the contact's effect."""

    body: str
    noted_at: dt.datetime
    contact_crm_id: str
    company_crm_id: str


async def _create_company(writers: Writers, wish: CompanyWish, _: str, permit: Permit) -> Done:
    return Done(await writers.crm.create_company(wish.properties, permit))


async def _find_company(readers: Readers, wish: CompanyWish, _: str, permit: Permit) -> Done | None:
    found = await readers.crm.company_by_domain(wish.domain)
    return Done(found.id, {"marker": permit.marker}) if found is not None else None


async def _create_contact(writers: Writers, wish: ContactWish, company_id: str, permit: Permit) -> Done:
    return Done(await writers.crm.create_contact(wish.properties, wish.company_crm_id or company_id, permit))


async def _find_contact(readers: Readers, wish: ContactWish, _: str, permit: Permit) -> Done | None:
    found = await readers.crm.contact_by_email(wish.email)
    return Done(found.id, {"marker": permit.marker}) if found is not None else None


async def _contact_done(session: AsyncSession, tenant_id: UUID, _: UUID, wish: ContactWish, done: Done) -> None:
    contacts = ContactRepository(session, tenant_id)
    await contacts.set_crm_id(wish.contact_id, done.provider_id)
    # What the cache holds was read while nobody knew this person; the next look-up asks HubSpot again.
    await contacts.invalidate(wish.contact_id)


async def _create_task(writers: Writers, wish: TaskWish, contact_id: str, permit: Permit) -> Done:
    task = NewTask(
        subject=wish.subject,
        body=wish.body,
        due_at=wish.due_at,
        contact_id=wish.contact_crm_id or contact_id,
        company_id=wish.company_crm_id,
        owner_id=wish.owner_id,
    )
    return Done(await writers.crm.create_task(task, permit))


async def _task_done(session: AsyncSession, tenant_id: UUID, effect_id: UUID, _: TaskWish, done: Done) -> None:
    await ActivityRepository(session, tenant_id).set_task_crm_id(effect_id, done.provider_id)


async def _create_note(writers: Writers, wish: NoteWish, contact_id: str, permit: Permit) -> Done:
    note = NewNote(
        body=wish.body,
        noted_at=wish.noted_at,
        contact_id=wish.contact_crm_id or contact_id,
        company_id=wish.company_crm_id,
    )
    return Done(await writers.crm.create_note(note, permit))


async def _note_done(session: AsyncSession, tenant_id: UUID, effect_id: UUID, _: NoteWish, done: Done) -> None:
    await ActivityRepository(session, tenant_id).set_note_crm_id(effect_id, done.provider_id)


async def _find_activity(readers: Readers, contact_id: str, kind: str, permit: Permit) -> Done | None:
    for activity in await readers.crm.activities_of(contact_id, kind):
        if permit.marker in activity.body:
            return Done(activity.id)
    return None


async def _find_task(readers: Readers, wish: TaskWish, contact_id: str, permit: Permit) -> Done | None:
    return await _find_activity(readers, wish.contact_crm_id or contact_id, "tasks", permit)


async def _find_note(readers: Readers, wish: NoteWish, contact_id: str, permit: Permit) -> Done | None:
    return await _find_activity(readers, wish.contact_crm_id or contact_id, "notes", permit)


# The company is found by search, whose index lags by up to a minute: six times what other reads are given.
CREATE_COMPANY = EffectKind(
    "crm.create_company",
    CompanyWish,
    _create_company,
    _find_company,
    switch=SWITCH,
    lag_factor=6.0,
    title="Create the company in HubSpot",
)
CREATE_CONTACT = EffectKind(
    "crm.create_contact",
    ContactWish,
    _create_contact,
    _find_contact,
    switch=SWITCH,
    on_done=_contact_done,
    title="Create the contact in HubSpot",
)
CREATE_TASK = EffectKind(
    "crm.create_task",
    TaskWish,
    _create_task,
    _find_task,
    switch=SWITCH,
    on_done=_task_done,
    title="Create the task in HubSpot",
)
CREATE_NOTE = EffectKind(
    "crm.create_note",
    NoteWish,
    _create_note,
    _find_note,
    switch=SWITCH,
    on_done=_note_done,
    title="Create the note in HubSpot",
)
