"""Works out a person's time zone from what is known of them, and says how it knows."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from sales_agent.agents.countries import (
    country_code,
    country_of_domain,
    country_of_zone,
    phone_number,
    zones_of_country,
)


class ZoneSource(StrEnum):
    """Where the prospect's time zone was learnt, surest first."""

    CRM_PROPERTY = "crm_property"
    PHONE = "phone"
    COUNTRY = "country"
    DOMAIN = "domain"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class ZoneFound:
    """An IANA zone, how it was learnt, and the ISO code of the country whose holidays count (may be empty)."""

    zone: str
    source: ZoneSource
    country: str


# Countries whose other zones are islands or outposts: nearly everybody lives in the one named here.
_MAINLAND: Final = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "KZ": "Asia/Almaty",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
_HUBSPOT_SIGNS: Final = (("_slash_", "/"), ("_hyphen_", "-"), ("_plus_", "+"))
# phonenumbers answers this where a number belongs to no place.
_NOWHERE: Final = "Etc/Unknown"


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    """Old names of zones to the ones they stand for (`US/Eastern` to `America/New_York`)."""
    rules = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8")
    links = (line.split() for line in rules.splitlines() if line.startswith("L "))
    return {alias: target for _, target, alias in links}


@lru_cache(maxsize=1)
def _zones_by_lower_name() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def zone_name(written: str) -> str:
    """Today's IANA name for one in any case or in HubSpot's spelling (`us_slash_eastern`), or the empty string."""
    name = written.strip().lower()
    for spelt, sign in _HUBSPOT_SIGNS:
        name = name.replace(spelt, sign)
    found = _zones_by_lower_name().get(name.replace(" ", "_"), "")
    # A zone of today keeps its own name, though the tz database links many of them (Oslo to Berlin).
    return found if country_of_zone(found) else _links().get(found, found)


@lru_cache(maxsize=512)
def _offsets(zone: str, year: int) -> tuple[dt.timedelta | None, ...]:
    """The offsets at noon of every tenth day of a year: what tells two zones apart for meetings."""
    noon = dt.datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone))
    return tuple((noon + dt.timedelta(days=day)).utcoffset() for day in range(0, 366, 10))


def _the_one(zones: tuple[str, ...], country: str, year: int) -> str:
    """The zone if all of them keep the same time or the country has a mainland among them; else the empty string."""
    if not zones:
        return ""
    if len({_offsets(zone, year) for zone in zones}) == 1:
        return zones[0]
    mainland = _MAINLAND.get(country, "")
    return mainland if mainland in zones else ""


def _zone_of_phone(phone: str, country: str, year: int) -> ZoneFound | None:
    number = phone_number(phone, country) if phone else None
    if number is None:
        return None
    # Imported here: its tables take long to load, and most leads give no number.
    from phonenumbers import timezone  # noqa: PLC0415

    zones = tuple(str(zone) for zone in timezone.time_zones_for_number(number) if zone != _NOWHERE)
    region = phonenumbers.region_code_for_number(number) or ""
    zone = _the_one(zones, region, year)
    return ZoneFound(zone, ZoneSource.PHONE, region) if zone else None


def _zone_of_country(country: str, source: ZoneSource, year: int) -> ZoneFound | None:
    zone = _the_one(zones_of_country(country), country, year)
    return ZoneFound(zone, source, country) if zone else None


def find_zone(  # one parameter for each thing that may tell a zone
    *, crm_time_zone: str, phone: str, country: str, domain: str, seller: ZoneFound, year: int
) -> ZoneFound:
    """The surest zone. `country` is a name or a code; a stated country decides whose holidays count."""
    stated = country_code(country)
    named = zone_name(crm_time_zone)
    home = country_of_domain(domain)
    found = (
        (ZoneFound(named, ZoneSource.CRM_PROPERTY, country_of_zone(named)) if named else None)
        or _zone_of_phone(phone, stated or home, year)
        or _zone_of_country(stated, ZoneSource.COUNTRY, year)
        # The domain speaks only where no country was stated: a stated one of many zones is not answered by another's.
        or (None if stated else _zone_of_country(home, ZoneSource.DOMAIN, year))
        or ZoneFound(seller.zone, ZoneSource.SELLER, home or seller.country)
    )
    return ZoneFound(found.zone, found.source, stated or found.country or home)
