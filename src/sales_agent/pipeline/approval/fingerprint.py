"""The state of the world that an approval stands on: what must still be so at the moment of sending."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.free_slots import SLOT_LENGTH
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.storable import storable_json
from sales_agent.pipeline.drafting.documents import content_of
from sales_agent.pipeline.drafting.evidence import slots_told
from sales_agent.pipeline.drafting.models import Draft, DraftVersion
from sales_agent.records.conversations.repository import ConversationRepository
from sales_agent.records.leads.repository import ContactRepository


@dataclass(frozen=True, slots=True)
class World:
    """What a mail depends on beside its own words.

    `recipient`: canonical address. `thread_id`: the provider's id of the thread it answers in. `thread_head`: the
    provider's id of the newest message in any thread with this person, drafts excluded. `slots`: the times the words
    offer, each as "ISO start/ISO end". `owner_id`: who owns the contact in the CRM. None: there is none.
    """

    recipient: str
    thread_id: str | None
    thread_head: str | None
    slots: tuple[str, ...]
    owner_id: str | None
    opted_out: bool


_WORLD = TypeAdapter(World)


def world_document(world: World) -> dict[str, object]:
    """The world as a JSON document that the database can hold."""
    return storable_json(_WORLD.dump_python(world, mode="json"))


def world_of(document: object) -> World:
    """The world of a stored document."""
    return _WORLD.validate_python(document)


async def stored_world(session: AsyncSession, tenant_id: UUID, draft: Draft, words: DraftVersion) -> World:
    """The world as last read from the mailbox and the CRM; asks no provider."""
    contact = await ContactRepository(session, tenant_id).get(draft.contact_id)
    owner = contact.properties.get("hubspot_owner_id") if contact is not None else None
    return World(
        recipient=canonical_address(draft.to_address),
        thread_id=draft.thread_id,
        thread_head=await ConversationRepository(session, tenant_id).newest_message_with(draft.contact_id),
        slots=tuple(_interval(item.locator) for item in slots_told(content_of(words.content))),
        owner_id=str(owner) if owner else None,
        opted_out=contact is not None and contact.is_opted_out,
    )


def changes(approved: World, now: World) -> tuple[str, ...]:
    """What is different now, each as a clause for people; empty where the approval still stands on the same world."""
    return tuple(_changes(approved, now))


def _changes(approved: World, now: World) -> Iterator[str]:
    if now.recipient != approved.recipient:
        yield "the mail goes to another address"
    if now.thread_id != approved.thread_id:
        yield "the mail answers in another thread"
    if now.thread_head != approved.thread_head:
        yield "a new message is in the thread" if now.thread_head else "the thread is gone from the mailbox"
    for slot in approved.slots:
        if slot not in now.slots:
            yield f"the time {slot.partition('/')[0]} is not free any more"
    if now.owner_id != approved.owner_id:
        yield "the contact has another owner" if now.owner_id else "the contact has no owner any more"
    if now.opted_out and not approved.opted_out:
        yield "the recipient has opted out"


def _interval(start: str) -> str:
    """A slot's locator is its start; a locator that is no time stands for itself."""
    try:
        return f"{start}/{(dt.datetime.fromisoformat(start) + SLOT_LENGTH).isoformat()}"
    except ValueError:
        return start
