"""Countries by name, code, phone number or mail domain, and the zones of each (from the tz database's own tables)."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

import phonenumbers

# Names people write that are not the tz database's English ones, in the languages drafts are written in.
_OTHER_NAMES: Final = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "vereinigte staaten": "US",
    "uk": "GB",
    "u.k.": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "vereinigtes königreich": "GB",
    "großbritannien": "GB",
    "deutschland": "DE",
    "österreich": "AT",
    "schweiz": "CH",
    "suisse": "CH",
    "frankreich": "FR",
    "italien": "IT",
    "italia": "IT",
    "spanien": "ES",
    "españa": "ES",
    "niederlande": "NL",
    "the netherlands": "NL",
    "holland": "NL",
    "belgien": "BE",
    "polen": "PL",
    "dänemark": "DK",
    "schweden": "SE",
    "norwegen": "NO",
    "finnland": "FI",
    "irland": "IE",
    "tschechien": "CZ",
    "czechia": "CZ",
    "ungarn": "HU",
    "türkei": "TR",
    "turkey": "TR",
    "türkiye": "TR",
    "indien": "IN",
    "australien": "AU",
    "neuseeland": "NZ",
    "brasilien": "BR",
    "brasil": "BR",
    "mexiko": "MX",
    "méxico": "MX",
    "kanada": "CA",
    "japan": "JP",
    "south korea": "KR",
    "korea": "KR",
    "uae": "AE",
    "emirates": "AE",
    "vereinigte arabische emirate": "AE",
    "saudi-arabien": "SA",
    "israel": "IL",
    "südafrika": "ZA",
    "vietnam": "VN",
    "singapur": "SG",
    "hongkong": "HK",
}
# Country domains that are sold as words: an address under them says nothing about a country.
_BORROWED_DOMAINS: Final = frozenset(
    {"ac", "ai", "app", "cc", "cd", "co", "dj", "eu", "fm", "gg", "im", "io", "la", "ly", "me", "ms", "mu", "nu"}
    | {"pw", "rs", "sc", "sh", "so", "st", "su", "tk", "to", "tv", "vc", "vg", "ws"}
)


def _rows(table: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Lower-case names and codes to ISO codes."""
    listed = {name.lower(): code for code, name in _rows("iso3166.tab")}
    codes = {code.lower(): code for code, _ in _rows("iso3166.tab")}
    return listed | codes | _OTHER_NAMES


@lru_cache(maxsize=1)
def _zones() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    for row in _rows("zone.tab"):
        zones[row[0]] = (*zones.get(row[0], ()), row[2])
    return zones


def country_code(name_or_code: str) -> str:
    """ISO code in upper case, or the empty string if nobody calls a country so."""
    return _names().get(name_or_code.strip().lower(), "")


def country_of_domain(domain: str) -> str:
    """ISO code by the country domain at its end, or the empty string."""
    last = domain.strip().lower().rstrip(".").rpartition(".")[2]
    if last == "uk":
        return "GB"
    return "" if last in _BORROWED_DOMAINS or last.upper() not in _zones() else last.upper()


def zones_of_country(code: str) -> tuple[str, ...]:
    """IANA zones of a country, the most populous first, as the tz database orders them."""
    return _zones().get(code, ())


@lru_cache(maxsize=1)
def _countries_by_zone() -> dict[str, str]:
    return {zone: code for code, zones in _zones().items() for zone in zones}


def country_of_zone(zone: str) -> str:
    """ISO code of the country a zone lies in, or the empty string (UTC, zones by another name)."""
    return _countries_by_zone().get(zone, "")


def phone_number(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    """A valid number, read as a national one of `country` unless it begins with a plus; None if it is none."""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
