"""The seller's calendars: appointments on the coming business days, counted from today in the seller's zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.google.calendar_store import Calendar
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.seeding.tables import tables
from sales_agent.sandbox.seller import SELLER
from sales_agent.sandbox.world import World

_SATURDAY = 5


def seed_calendar(world: World) -> None:
    seeded = tables("calendar")
    for row in seeded["calendars"]:
        calendar = Calendar(row["id"], row["summary"], SELLER.time_zone, row["role"], row.get("error", ""))
        world.calendars.calendars[calendar.id] = calendar
    today = world.clock.now().astimezone(ZoneInfo(SELLER.time_zone)).date()
    for number, row in enumerate(seeded["events"]):
        event = _event(world, row, f"seedevent{number:04d}", business_day(today, row["business_day"]))
        world.calendars.calendars[row["calendar"]].events[event["id"]] = event


def business_day(today: dt.date, count: int) -> dt.date:
    """Today (or the next Monday on a weekend) and so many business days on; holidays are not known here."""
    day = today
    while day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=1)
    for _ in range(count):
        day += dt.timedelta(days=3 if day.weekday() == _SATURDAY - 1 else 1)
    return day


def _event(world: World, row: JsonObject, event_id: str, day: dt.date) -> JsonObject:
    start = dt.datetime.combine(day, dt.time.fromisoformat(row["start"]), ZoneInfo(SELLER.time_zone))
    end = start + dt.timedelta(minutes=row["minutes"])
    made = iso(world.clock.now() - dt.timedelta(days=30))
    event: JsonObject = {
        "kind": "calendar#event",
        "id": event_id,
        "status": "confirmed",
        "summary": row["summary"],
        "created": made,
        "updated": made,
        "start": {"dateTime": start.isoformat(), "timeZone": SELLER.time_zone},
        "end": {"dateTime": end.isoformat(), "timeZone": SELLER.time_zone},
        "creator": {"email": row["calendar"]},
        "organizer": {"email": row["calendar"]},
        "iCalUID": f"{event_id}@google.example",
        "sequence": 0,
        "eventType": "default",
    }
    return event | ({"transparency": row["transparency"]} if "transparency" in row else {})
