"""Tells a time the way the reader of a mail would: weekday, date, time, zone, in their language."""

import datetime as dt
from typing import Final

from sales_agent.agents.countries import country_of_zone

_WEEKDAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
}
# English-speaking countries where 15:00 is told as 3:00 pm.
_TWELVE_HOURS: Final = frozenset({"US", "CA", "AU", "NZ", "IN", "PH", "PK"})
_NOON: Final = 12


def utc_offset(moment: dt.datetime) -> str:
    """`UTC`, `UTC+1`, `UTC-3:30`."""
    minutes = int((moment.utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    if minutes == 0:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"


def place_of(zone: str) -> str:
    """The city a zone is named after, as people write it; empty for zones named after none."""
    area, _, city = zone.rpartition("/")
    return "" if not area or area.startswith(("Etc", "US", "Canada")) else city.replace("_", " ")


def _hour(moment: dt.datetime, language: str, zone: str) -> str:
    if language == "de":
        return f"{moment:%H:%M} Uhr"
    if country_of_zone(zone) in _TWELVE_HOURS:
        return f"{moment.hour % _NOON or _NOON}:{moment:%M} {'am' if moment.hour < _NOON else 'pm'}"
    return f"{moment:%H:%M}"


def slot_label(moment: dt.datetime, zone: str, language: str) -> str:
    """`Tuesday, 3 March 2026, 15:00 Berlin time (UTC+1)` or its German twin. `moment` is local to `zone`."""
    tongue = language if language in _WEEKDAYS else "en"
    weekday = _WEEKDAYS[tongue][moment.weekday()]
    month = _MONTHS[tongue][moment.month - 1]
    hour, place, offset = _hour(moment, tongue, zone), place_of(zone), utc_offset(moment)
    if tongue == "de":
        told = f"{weekday}, {moment.day}. {month} {moment.year}, {hour}"
        return f"{told} Ortszeit {place} ({offset})" if place else f"{told} ({offset})"
    told = f"{weekday}, {moment.day} {month} {moment.year}, {hour}"
    return f"{told} {place} time ({offset})" if place else f"{told} ({offset})"
