"""The seller's calendars and their events."""

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from sales_agent.sandbox.json_value import JsonObject


@dataclasses.dataclass(slots=True)
class Calendar:
    """One calendar; `error` is the reason with which free/busy always answers for it, empty when it works."""

    id: str
    summary: str
    time_zone: str
    role: str
    error: str = ""
    events: dict[str, JsonObject] = dataclasses.field(default_factory=dict[str, JsonObject])


class CalendarStore:
    """Calendars by id; `primary` stands for the owner's own."""

    def __init__(self, owner: str, time_zone: str) -> None:
        self.owner, self.time_zone = owner, time_zone
        self.calendars: dict[str, Calendar] = {}
        self.next_number = 1

    def find(self, calendar_id: str) -> Calendar | None:
        return self.calendars.get(self.owner if calendar_id == "primary" else calendar_id)

    def dump(self) -> dict[str, Any]:
        calendars = [dataclasses.asdict(calendar) for calendar in self.calendars.values()]
        return {"calendars": calendars, "next_number": self.next_number}

    def load(self, saved: dict[str, Any]) -> None:
        self.calendars = {fields["id"]: Calendar(**fields) for fields in saved["calendars"]}
        self.next_number = saved["next_number"]


def moment_of(given: JsonObject, time_zone: str) -> dt.datetime:
    """An event's start or end: a dateTime with offset, one in a named zone, or a whole day.

    Raises:
        ValueError: neither can be read.
    """
    if "date" in given:
        return dt.datetime.fromisoformat(given["date"]).replace(tzinfo=ZoneInfo(time_zone))
    moment = dt.datetime.fromisoformat(str(given.get("dateTime", "")))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(given.get("timeZone") or time_zone))


def busy_spans(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """Merged spans within the window that opaque, uncancelled events take; UTC."""
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    for event in calendar.events.values():
        if event["status"] == "cancelled" or event.get("transparency") == "transparent":
            continue
        begins = moment_of(event["start"], calendar.time_zone).astimezone(dt.UTC)
        ends = moment_of(event["end"], calendar.time_zone).astimezone(dt.UTC)
        if begins < end and ends > start:
            spans.append((max(begins, start), min(ends, end)))
    merged: list[tuple[dt.datetime, dt.datetime]] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return merged
