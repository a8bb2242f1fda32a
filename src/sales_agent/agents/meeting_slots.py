"""Finds half-hour slots that suit both sides, told in the prospect's time zone."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sales_agent.connectors.calendar.reader import BusySpan


class ZoneSource(StrEnum):
    """Where the prospect's time zone was learnt, surest first."""

    CRM_PROPERTY = "crm_property"
    PHONE = "phone"
    COUNTRY = "country"
    DOMAIN = "domain"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class FindSlots:
    """What is known of both sides. `now` is aware; `busy` covers `search_window(now)`.

    `seller_zone`: IANA name. `seller_country`: ISO code. `lead_country`: a name or an ISO code.
    `crm_time_zone`: IANA name or HubSpot's spelling (`europe_slash_berlin`). `working_hours`: each side's own local time.
    """

    now: dt.datetime
    seller_zone: str
    seller_country: str
    busy: tuple[BusySpan, ...]
    unreadable_calendars: tuple[str, ...] = ()
    lead_phone: str = ""
    lead_country: str = ""
    lead_domain: str = ""
    crm_time_zone: str = ""
    working_hours: str = "09:00-17:30"
    count: int = 3
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Slot:
    """A free half hour: aware UTC times, and how it is told to the prospect (weekday, date, time, zone)."""

    start: dt.datetime
    end: dt.datetime
    label: str


@dataclass(frozen=True, slots=True)
class ProposedSlots:
    """Slots in time order, in `zone` (IANA). `note` says to the operator what limits them, or is empty."""

    zone: str
    zone_source: ZoneSource
    zone_is_known: bool
    slots: tuple[Slot, ...] = ()
    note: str = ""
