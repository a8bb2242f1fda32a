"""Which calendars the seller sees, and the settings of the account."""

from sales_agent.sandbox.google.calendar_store import Calendar
from sales_agent.sandbox.google.errors import not_found
from sales_agent.sandbox.google.fields import masked
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call


def list_calendars(call: Call) -> Answer:
    store = call.world.calendars
    rows = [_presented(calendar, store.owner) for calendar in store.calendars.values()]
    return Answer({"kind": "calendar#calendarList", "items": rows})


def read_calendar(call: Call) -> Answer:
    calendar = call.world.calendars.find(call.params["calendar_id"])
    if calendar is None:
        raise not_found("Not Found")
    return Answer(_presented(calendar, call.world.calendars.owner))


def _presented(calendar: Calendar, owner: str) -> JsonObject:
    shown: JsonObject = {
        "kind": "calendar#calendarListEntry",
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "accessRole": calendar.role,
        "selected": True,
    }
    return {**shown, "primary": True} if calendar.id == owner else shown


def read_setting(call: Call) -> Answer:
    """The account's settings, of which the time zone is the one that matters here."""
    values = {"timezone": call.world.calendars.time_zone, "locale": "en", "weekStart": "1"}
    name = call.params["setting"]
    if name not in values:
        raise not_found("Not Found")
    return Answer({"kind": "calendar#setting", "etag": '"1"', "id": name, "value": values[name]})


ROUTES = masked(
    (
        Route("GET", "/calendar/v3/users/me/calendarList", list_calendars),
        Route("GET", "/calendar/v3/users/me/calendarList/{calendar_id}", read_calendar),
        Route("GET", "/calendar/v3/users/me/settings/{setting}", read_setting),
    )
)
