"""Free/busy over several calendars: one that cannot be read answers with errors and an empty, free-looking list."""

import datetime as dt
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sales_agent.sandbox.google.calendar_store import busy_spans
from sales_agent.sandbox.google.errors import error, invalid
from sales_agent.sandbox.google.fields import masked
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call, Refused

# Google's limits of one query.
MOST_CALENDARS = 50
LONGEST_DAYS = 92


def query(call: Call) -> Answer:
    """Busy spans per calendar, in the zone asked for (UTC otherwise)."""
    start, end = _moment(call, "timeMin"), _moment(call, "timeMax")
    if end <= start:
        raise invalid("The specified time range is empty.", "timeRangeEmpty")
    if end - start > dt.timedelta(days=LONGEST_DAYS):
        raise invalid("The requested time range is too long.", "timeRangeTooLong")
    zone = _zone(call)
    items = [str(item.get("id", "")) for item in _items(call)]
    if len(items) > MOST_CALENDARS:
        raise Refused(error(400, "Too many calendars requested.", "tooManyCalendarsRequested"))
    body = {
        "kind": "calendar#freeBusy",
        "timeMin": _shown(start, dt.UTC),
        "timeMax": _shown(end, dt.UTC),
        "calendars": {calendar_id: _one(call, calendar_id, start, end, zone) for calendar_id in items},
    }
    return Answer(body)


def _one(call: Call, calendar_id: str, start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> JsonObject:
    calendar = call.world.calendars.find(calendar_id)
    reason = "notFound" if calendar is None else calendar.error
    if calendar is None or reason:
        return {"errors": [{"domain": "global", "reason": reason}], "busy": []}
    spans = busy_spans(calendar, start, end)
    return {"busy": [{"start": _shown(begins, zone), "end": _shown(ends, zone)} for begins, ends in spans]}


def _shown(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return moment.astimezone(zone).isoformat().replace("+00:00", "Z")


def _items(call: Call) -> list[JsonObject]:
    items: Any = call.fields.get("items")
    return [item for item in cast("list[Any]", items) if isinstance(item, dict)] if items else []


def _zone(call: Call) -> dt.tzinfo:
    name = call.fields.get("timeZone") or "UTC"
    try:
        return dt.UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as odd:
        raise invalid("Invalid time zone definition", "invalid") from odd


def _moment(call: Call, name: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(str(call.fields.get(name, "")))
    except ValueError as odd:
        raise invalid("Bad Request", "badRequest") from odd
    if moment.tzinfo is None:
        raise invalid("Bad Request", "badRequest")
    return moment.astimezone(dt.UTC)


ROUTES = masked((Route("POST", "/calendar/v3/freeBusy", query),))
