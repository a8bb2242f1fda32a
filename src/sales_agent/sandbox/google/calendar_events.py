"""Calendar events: inserted once per id, read, listed, changed and deleted."""

import re
from http import HTTPStatus

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.google.calendar_store import Calendar, moment_of
from sales_agent.sandbox.google.errors import error, invalid, not_found
from sales_agent.sandbox.google.fields import masked
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import NO_CONTENT, Answer, Call, Refused

# An event id of the caller's: base32hex, 5 to 1024 characters.
_EVENT_ID = re.compile(r"[a-v0-9]{5,1024}")
_SEND_UPDATES = {"", "all", "externalOnly", "none"}
_SETTABLE = [
    "summary",
    "description",
    "location",
    "start",
    "end",
    "attendees",
    "transparency",
    "visibility",
    "reminders",
    "recurrence",
    "extendedProperties",
    "source",
    "colorId",
    "guestsCanModify",
    "guestsCanInviteOthers",
    "guestsCanSeeOtherGuests",
]


def insert(call: Call) -> Answer:
    """A new event; 409 when the id given was ever used here, even by an event since deleted."""
    calendar = _calendar(call)
    if calendar.role != "owner":
        raise Refused(error(HTTPStatus.FORBIDDEN, "You need to have writer access.", "requiredAccessLevel"))
    event_id = call.fields.get("id") or _minted(call)
    if not _EVENT_ID.fullmatch(str(event_id)):
        raise invalid("Invalid resource id value.", "invalid")
    if event_id in calendar.events:
        message = "The requested identifier already exists."
        raise Refused(error(HTTPStatus.CONFLICT, message, "duplicate"))
    event = _checked(call, calendar)
    now = iso(call.world.clock.now())
    calendar.events[event_id] = {
        "kind": "calendar#event",
        "etag": f'"{call.world.calendars.next_number}"',
        "id": event_id,
        "status": "confirmed",
        "htmlLink": f"https://calendar.google.example/event?eid={event_id}",
        "created": now,
        "updated": now,
        "creator": {"email": call.world.calendars.owner, "self": True},
        "organizer": {"email": calendar.id, "self": True},
        "iCalUID": f"{event_id}@google.example",
        "sequence": 0,
        "eventType": "default",
        **event,
    }
    return Answer(calendar.events[event_id])


def _minted(call: Call) -> str:
    call.world.calendars.next_number += 1
    return f"madehere{call.world.calendars.next_number:08d}"


def _checked(call: Call, calendar: Calendar) -> JsonObject:
    if call.query.get("sendUpdates") not in _SEND_UPDATES:
        raise invalid("Invalid Value", "invalid")
    event = {name: call.fields[name] for name in _SETTABLE if name in call.fields}
    try:
        start = moment_of(event.get("start") or {}, calendar.time_zone)
        end = moment_of(event.get("end") or {}, calendar.time_zone)
    except (ValueError, TypeError) as odd:
        raise invalid("Missing end time." if "end" not in event else "Bad Request", "required") from odd
    if end <= start:
        raise invalid("The specified time range is empty.", "timeRangeEmpty")
    conference: JsonObject = call.fields.get("conferenceData") or {}
    asked: JsonObject | None = conference.get("createRequest")
    # Without conferenceDataVersion=1 Google drops the request for a meeting link silently.
    if asked and call.query.get("conferenceDataVersion") == "1":
        event |= _conference(call, asked)
    return event


def _conference(call: Call, asked: JsonObject) -> JsonObject:
    number = f"{call.world.calendars.next_number:04d}"
    call.world.calendars.next_number += 1
    link = f"https://meet.google.example/sbx-{number}-abc"
    entry = {"entryPointType": "video", "uri": link, "label": link.removeprefix("https://")}
    made = {
        "createRequest": {**asked, "status": {"statusCode": "success"}},
        "entryPoints": [entry],
        "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
        "conferenceId": f"sbx-{number}-abc",
    }
    return {"hangoutLink": link, "conferenceData": made}


def read(call: Call) -> Answer:
    return Answer(_event(call, _calendar(call)))


def change(call: Call) -> Answer:
    """Patch the named fields and leave the others."""
    calendar = _calendar(call)
    event = _event(call, calendar)
    if event["status"] == "cancelled":
        raise not_found("Not Found")
    event.update({name: call.fields[name] for name in _SETTABLE if name in call.fields})
    event["sequence"] += 1
    event["updated"] = iso(call.world.clock.now())
    return Answer(event)


def delete(call: Call) -> Answer:
    """204; a second time 410. The event stays readable as cancelled, and its id stays taken."""
    event = _event(call, _calendar(call))
    if event["status"] == "cancelled":
        raise Refused(error(HTTPStatus.GONE, "Resource has been deleted", "deleted"))
    event["status"] = "cancelled"
    event["updated"] = iso(call.world.clock.now())
    return NO_CONTENT


def list_events(call: Call) -> Answer:
    """Events that touch the window, by start; cancelled ones only with `showDeleted`."""
    calendar = _calendar(call)
    begins, ends = (_bound(call, calendar, name) for name in ("timeMin", "timeMax"))
    wanted = call.query.get("q").lower()
    rows = [
        event
        for event in calendar.events.values()
        if (event["status"] != "cancelled" or call.flag("showDeleted"))
        and (begins is None or moment_of(event["end"], calendar.time_zone).timestamp() > begins)
        and (ends is None or moment_of(event["start"], calendar.time_zone).timestamp() < ends)
        and wanted in f"{event.get('summary', '')} {event.get('description', '')}".lower()
    ]
    rows.sort(key=lambda event: moment_of(event["start"], calendar.time_zone))
    limit, at = call.count("maxResults", 250, 2500), int(call.query.get("pageToken") or 0)
    body: JsonObject = {
        "kind": "calendar#events",
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "accessRole": calendar.role,
        "defaultReminders": [],
        "items": rows[at : at + limit],
    }
    if at + limit < len(rows):
        body["nextPageToken"] = str(at + limit)
    return Answer(body)


def _bound(call: Call, calendar: Calendar, name: str) -> float | None:
    text = call.query.get(name)
    try:
        return moment_of({"dateTime": text}, calendar.time_zone).timestamp() if text else None
    except ValueError as odd:
        raise invalid("Bad Request", "badRequest") from odd


def _calendar(call: Call) -> Calendar:
    calendar = call.world.calendars.find(call.params["calendar_id"])
    if calendar is None:
        raise not_found("Not Found")
    if calendar.error:
        raise Refused(error(HTTPStatus.SERVICE_UNAVAILABLE, "Backend Error", calendar.error))
    return calendar


def _event(call: Call, calendar: Calendar) -> JsonObject:
    event = calendar.events.get(call.params["event_id"])
    if event is None:
        raise not_found("Not Found")
    return event


_EVENTS = "/calendar/v3/calendars/{calendar_id}/events"
ROUTES = masked(
    (
        Route("POST", _EVENTS, insert),
        Route("GET", _EVENTS, list_events),
        Route("GET", f"{_EVENTS}/{{event_id}}", read),
        Route("PATCH", f"{_EVENTS}/{{event_id}}", change),
        Route("DELETE", f"{_EVENTS}/{{event_id}}", delete),
    )
)
