"""The properties a portal knows, and the checks HubSpot makes before it stores a value."""

import dataclasses
import datetime as dt
import re
from enum import StrEnum

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.hubspot.object_types import ObjectType
from sales_agent.sandbox.json_value import JsonValue


class Kind(StrEnum):
    """What a property's value must look like."""

    TEXT = "text"
    EMAIL = "email"
    NUMBER = "number"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    READ_ONLY = "read_only"


@dataclasses.dataclass(frozen=True, slots=True)
class InvalidValue(Exception):
    """A value HubSpot refuses, with its own code for the reason."""

    name: str
    code: str
    message: str


_LIFECYCLE = frozenset(
    [
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    ]
)
OPTIONS: dict[str, frozenset[str]] = {
    "lifecyclestage": _LIFECYCLE,
    "hs_task_status": frozenset({"NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"}),
    "hs_task_priority": frozenset({"NONE", "LOW", "MEDIUM", "HIGH"}),
    "hs_task_type": frozenset({"EMAIL", "CALL", "TODO", "LINKED_IN_CONNECT", "LINKED_IN_MESSAGE"}),
}

_OF_EVERY_OBJECT = {
    "hs_object_id": Kind.READ_ONLY,
    "hs_createdate": Kind.READ_ONLY,
    "createdate": Kind.READ_ONLY,
    "lastmodifieddate": Kind.READ_ONLY,
    "hs_lastmodifieddate": Kind.READ_ONLY,
    "hubspot_owner_id": Kind.TEXT,
    "hs_object_source_label": Kind.READ_ONLY,
}
_ADDRESS = dict.fromkeys(("phone", "city", "state", "country", "zip", "address", "website"), Kind.TEXT)

# The default properties of a portal that this product reads or writes, plus the usual neighbours.
KNOWN: dict[ObjectType, dict[str, Kind]] = {
    ObjectType.CONTACTS: _OF_EVERY_OBJECT
    | _ADDRESS
    | dict.fromkeys(
        [
            "firstname",
            "lastname",
            "jobtitle",
            "company",
            "mobilephone",
            "salutation",
            "industry",
            "hs_timezone",
            "hs_language",
            "lifecyclestage",
            "hs_lead_status",
            "message",
            "numemployees",
            "hs_analytics_source",
            "recent_conversion_event_name",
            "first_conversion_event_name",
            "hs_country_region_code",
        ],
        Kind.TEXT,
    )
    | {
        "email": Kind.EMAIL,
        "hs_email_optout": Kind.BOOLEAN,
        "hs_additional_emails": Kind.TEXT,
        "recent_conversion_date": Kind.MOMENT,
        "hs_merged_object_ids": Kind.READ_ONLY,
        "associatedcompanyid": Kind.READ_ONLY,
        "hs_email_domain": Kind.READ_ONLY,
    },
    ObjectType.COMPANIES: _OF_EVERY_OBJECT
    | _ADDRESS
    | dict.fromkeys(["name", "domain", "industry", "description", "timezone", "lifecyclestage", "type"], Kind.TEXT)
    | {"numberofemployees": Kind.NUMBER, "annualrevenue": Kind.NUMBER, "founded_year": Kind.TEXT},
    ObjectType.DEALS: _OF_EVERY_OBJECT
    | dict.fromkeys(["dealname", "dealstage", "pipeline", "dealtype", "description", "hs_priority"], Kind.TEXT)
    | {
        "amount": Kind.NUMBER,
        "closedate": Kind.MOMENT,
        "hs_is_closed": Kind.READ_ONLY,
        "hs_is_closed_won": Kind.READ_ONLY,
    },
    ObjectType.TASKS: _OF_EVERY_OBJECT
    | dict.fromkeys(
        ["hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_priority", "hs_task_type"], Kind.TEXT
    )
    | {"hs_timestamp": Kind.MOMENT, "hs_task_reminders": Kind.TEXT},
    ObjectType.NOTES: _OF_EVERY_OBJECT
    | {"hs_timestamp": Kind.MOMENT, "hs_note_body": Kind.TEXT, "hs_attachment_ids": Kind.TEXT},
}

# What a create must carry: HubSpot refuses an activity without its moment.
REQUIRED: dict[ObjectType, tuple[str, ...]] = {
    ObjectType.TASKS: ("hs_timestamp",),
    ObjectType.NOTES: ("hs_timestamp",),
}

# HubSpot's documented limit of a note's or a task's body, in characters.
LONGEST_BODY = 65_536

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
_BOOLEANS = {"true", "false", ""}


def checked_value(kind: ObjectType, name: str, value: JsonValue) -> str:
    """The value as HubSpot stores it: always text, moments as ISO in UTC.

    Raises:
        InvalidValue: unknown or read-only property, or a value of the wrong form.
    """
    expected = KNOWN[kind].get(name)
    if expected is None:
        raise InvalidValue(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
    if expected is Kind.READ_ONLY:
        raise InvalidValue(name, "READ_ONLY_VALUE", f'"{name}" is a read only property')
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    options = OPTIONS.get(name)
    if options and text and text not in options:
        raise InvalidValue(name, "INVALID_OPTION", f"{text} was not one of the allowed options")
    return _by_kind(expected, name, text)


def _by_kind(expected: Kind, name: str, text: str) -> str:
    if expected is Kind.EMAIL and text:
        if not _EMAIL.fullmatch(text):
            raise InvalidValue(name, "INVALID_EMAIL", f"Email address {text} is invalid")
        return text.lower()
    if expected is Kind.NUMBER and text and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise InvalidValue(name, "INVALID_NUMBER", f"{text} was not a valid number.")
    if expected is Kind.BOOLEAN and text not in _BOOLEANS:
        raise InvalidValue(name, "INVALID_BOOLEAN", f"{text} was not a valid boolean.")
    if expected is Kind.MOMENT and text:
        return iso(parse_moment(name, text))
    if name.endswith("_body") and len(text) > LONGEST_BODY:
        raise InvalidValue(name, "MAX_LENGTH_EXCEEDED", f"Value exceeds {LONGEST_BODY} characters.")
    return text


def parse_moment(name: str, text: str) -> dt.datetime:
    """HubSpot takes milliseconds since 1970 or ISO 8601.

    Raises:
        InvalidValue: neither of the two.
    """
    try:
        if re.fullmatch(r"-?\d+", text):
            return dt.datetime.fromtimestamp(int(text) / 1000, dt.UTC)
        moment = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as odd:
        raise InvalidValue(name, "INVALID_DATE", f"{text} was not a valid long.") from odd
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
