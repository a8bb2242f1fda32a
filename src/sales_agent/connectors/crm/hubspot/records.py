"""HubSpot's records as the ports show them, and plain text as the HTML that HubSpot shows."""

import datetime as dt
import html
from collections.abc import Iterator

from sales_agent.connectors.answer import JsonObject, object_at, required_text, text_at
from sales_agent.connectors.crm.reader import CrmActivity, CrmOwner, CrmRecord
from sales_agent.connectors.errors import Transient

# HubSpot's limit of a note's or a task's body, markup included.
_LONGEST_BODY = 65_536


def record_of(answer: JsonObject) -> CrmRecord:
    """A record with the properties that have a value; raises Transient where the answer is none."""
    properties = object_at(answer, "properties")
    if not properties:
        raise Transient("the answer has no properties", provider="hubspot")
    values = {name: text_at(properties, name) for name in properties}
    return CrmRecord(required_text(answer, "id"), {name: value for name, value in values.items() if value})


def owner_of(answer: JsonObject) -> CrmOwner:
    name = f"{text_at(answer, 'firstName')} {text_at(answer, 'lastName')}".strip()
    return CrmOwner(required_text(answer, "id"), name, text_at(answer, "email"))


def activity_of(record: CrmRecord, body_property: str) -> CrmActivity:
    return CrmActivity(record.id, record.get(body_property), _moment(record.get("hs_createdate")))


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def hubspot_time(moment: dt.datetime) -> str:
    """An aware moment as HubSpot writes it: UTC, milliseconds, Z."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def html_body(text: str, marker: str) -> str:
    """Plain text as HTML, cut where it would be too long, with the marker as a last line that survives both.

    The marker stands in plain view, since HubSpot's sanitiser removes comments and hidden elements.
    """
    ending = f"<br><br>Ref: {html.escape(marker)}"
    return "".join(_fitting(text.replace("\r\n", "\n").strip(), _LONGEST_BODY - len(ending))) + ending


def _fitting(text: str, room: int) -> Iterator[str]:
    for character in text:
        piece = "<br>" if character == "\n" else html.escape(character)
        room -= len(piece)
        if room < 0:
            return
        yield piece
