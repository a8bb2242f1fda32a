"""The world as the providers tell it at the moment of sending, to be held against the one an approval saw."""

import datetime as dt
from dataclasses import dataclass

from sales_agent.connectors.crm.reader import CrmRecord
from sales_agent.connectors.mail.reader import MailThread
from sales_agent.connectors.readers import Readers
from sales_agent.pipeline.approval.fingerprint import World
from sales_agent.records.conversations.repository import DRAFT_LABEL


@dataclass(frozen=True, slots=True)
class SeenWorld:
    """The world now, and what it was read from."""

    world: World
    threads: tuple[MailThread, ...]
    contact: CrmRecord | None


async def look(readers: Readers, approved: World, *, address: str, calendar_ids: tuple[str, ...]) -> SeenWorld:
    """Ask mailbox, CRM and calendar about what an approval stands on. Raises provider errors.

    Slots that are taken are left out; so are all of them where a calendar cannot be read.
    """
    threads = tuple(await readers.mail.threads_with(address))
    contact = await readers.crm.contact_by_email(address)
    return SeenWorld(
        World(
            recipient=approved.recipient,
            thread_id=approved.thread_id,
            thread_head=_head(threads),
            slots=await _still_free(readers, approved.slots, calendar_ids),
            owner_id=(contact.get("hubspot_owner_id") or None) if contact is not None else None,
            opted_out=contact is not None and contact.get("hs_email_optout").lower() == "true",
        ),
        threads,
        contact,
    )


def passed(slots: tuple[str, ...], now: dt.datetime) -> tuple[str, ...]:
    """A clause for each offered time that has begun by now."""
    begun = (slot.partition("/")[0] for slot in slots)
    return tuple(f"the time {start} has passed" for start in begun if _moment(start) <= now)


def _head(threads: tuple[MailThread, ...]) -> str | None:
    sent = [message for thread in threads for message in thread.messages if DRAFT_LABEL not in message.label_ids]
    return max(sent, key=lambda message: (message.sent_at, message.id)).id if sent else None


async def _still_free(readers: Readers, slots: tuple[str, ...], calendar_ids: tuple[str, ...]) -> tuple[str, ...]:
    if not slots or not calendar_ids:
        return ()
    spans = {slot: tuple(_moment(end) for end in slot.split("/")) for slot in slots}
    first = min(span[0] for span in spans.values())
    last = max(span[-1] for span in spans.values())
    said = await readers.calendar.availability(calendar_ids, first, last)
    if said.unreadable:
        return ()
    return tuple(
        slot
        for slot, span in spans.items()
        if not any(busy.start < span[-1] and span[0] < busy.end for busy in said.busy)
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
