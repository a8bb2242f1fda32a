"""Finds half-hour slots that suit both sides, told in the prospect's time zone."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from sales_agent.agents.base import Agent, require
from sales_agent.agents.business_days import next_business_days
from sales_agent.agents.countries import country_code
from sales_agent.agents.free_slots import SLOT_LENGTH, Hours, Party, common_starts, free_of, parse_hours, spread
from sales_agent.agents.slot_labels import slot_label
from sales_agent.agents.zones import ZoneFound, ZoneSource, find_zone, zone_name
from sales_agent.connectors.calendar.reader import BusySpan

# A mail that names tomorrow is still right when an operator approves it in the morning; three days keep it fresh.
BUSINESS_DAYS_AHEAD: Final = 3
# Long enough for three joint business days around Golden Week, Lunar New Year and Christmas.
_HORIZON_DAYS: Final = 21
# Where working hours never meet (Berlin and Sydney), the seller's day is stretched, not the prospect's.
_STRETCHED: Final = Hours(dt.time(8), dt.time(19))
# One time is no choice.
_FEWEST: Final = 2
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class FindSlots:
    """What is known of both sides. `now` is aware; `busy` covers `search_window(now)`.

    `seller_zone`: IANA name. `seller_country`: ISO code. `lead_country`: a name or an ISO code.
    `crm_time_zone`: IANA name or HubSpot's spelling (`europe_slash_berlin`). `working_hours`: each side's local ones.
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


def search_window(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The span (aware) whose busy times must be read before slots are looked for."""
    return now, now + dt.timedelta(days=_HORIZON_DAYS + 2)


class MeetingSlots(Agent[FindSlots, ProposedSlots]):
    """Two or three slots within the next three business days of both sides; none where a calendar could not be read."""

    def validate_input(self, request: FindSlots) -> None:
        """Times must be aware, the seller's zone and hours known, two or three slots asked for."""
        require(holds=request.now.tzinfo is not None, otherwise="now has no time zone")
        require(holds=bool(zone_name(request.seller_zone)), otherwise=f"unknown seller zone {request.seller_zone!r}")
        require(
            holds=parse_hours(request.working_hours) is not None,
            otherwise=f"working hours must look like 09:00-17:30, not {request.working_hours!r}",
        )
        require(holds=_FEWEST <= request.count <= _MOST, otherwise="two or three slots can be asked for")
        require(
            holds=all(span.start.tzinfo is not None and span.end.tzinfo is not None for span in request.busy),
            otherwise="a busy span has no time zone",
        )

    async def _think(self, request: FindSlots) -> ProposedSlots:
        found = _lead_zone(request)
        proposed = ProposedSlots(found.zone, found.source, zone_is_known=found.source is not ZoneSource.SELLER)
        if request.unreadable_calendars:
            names = ", ".join(request.unreadable_calendars)
            return replace(proposed, note=f"No times are proposed: these calendars could not be read: {names}.")
        lead, seller = _parties(request, found)
        starts = tuple(common_starts(request.now, lead, seller))
        stretched = len(starts) < _FEWEST
        if stretched:
            starts = tuple(common_starts(request.now, lead, replace(seller, hours=_stretch(seller.hours))))
        free = tuple(free_of(starts, request.busy))
        chosen = spread(free, lead.zone, request.count)
        slots = tuple(_told(start, found.zone, request.language) for start in chosen)
        return replace(proposed, slots=slots, note=_note(proposed, len(slots), stretched=stretched))


def _lead_zone(request: FindSlots) -> ZoneFound:
    seller = ZoneFound(zone_name(request.seller_zone), ZoneSource.SELLER, country_code(request.seller_country))
    return find_zone(
        crm_time_zone=request.crm_time_zone,
        phone=request.lead_phone,
        country=request.lead_country,
        domain=request.lead_domain,
        seller=seller,
        year=request.now.year,
    )


def _parties(request: FindSlots, found: ZoneFound) -> tuple[Party, Party]:
    hours = parse_hours(request.working_hours) or _STRETCHED
    lead_zone, seller_zone = ZoneInfo(found.zone), ZoneInfo(zone_name(request.seller_zone))
    seller_country = country_code(request.seller_country)
    lead_today = request.now.astimezone(lead_zone).date()
    seller_today = request.now.astimezone(seller_zone).date()
    both = (found.country, seller_country)
    joint = next_business_days(both, lead_today, BUSINESS_DAYS_AHEAD, _HORIZON_DAYS)
    # Far apart, the seller's date may be another one than the prospect's; it must be a working day all the same.
    working = next_business_days((seller_country,), seller_today, _HORIZON_DAYS, _HORIZON_DAYS)
    return (
        Party(lead_zone, found.country, hours, frozenset(joint)),
        Party(seller_zone, seller_country, hours, frozenset(working)),
    )


def _stretch(hours: Hours) -> Hours:
    return Hours(min(hours.start, _STRETCHED.start), max(hours.end, _STRETCHED.end))


def _told(start: dt.datetime, zone: str, language: str) -> Slot:
    return Slot(start, start + SLOT_LENGTH, slot_label(start.astimezone(ZoneInfo(zone)), zone, language))


def _note(proposed: ProposedSlots, count: int, *, stretched: bool) -> str:
    parts: list[str] = []
    if not proposed.zone_is_known:
        parts.append(f"The prospect's time zone is unknown; times are in the seller's ({proposed.zone}).")
    if stretched:
        parts.append("Working hours hardly overlap; the seller's day was stretched to 08:00-19:00.")
    if count < _FEWEST:
        parts.append(f"Only {count} free time was found." if count else "No free time suits both sides.")
    return " ".join(parts)
