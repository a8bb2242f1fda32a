"""When mails may leave: days, hours and limits in the seller's zone, over nights in which the clock is changed."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sales_agent.controls.sending_policy import SendingPolicy

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# A limit for one person runs over this long, whatever the calendar says.
CONTACT_SPAN = dt.timedelta(hours=168)

# With no sending day at all there is no next opening; a search longer than this finds none.
_SEARCH_DAYS = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Two moments in UTC, the first inside, the second not."""

    start: dt.datetime
    end: dt.datetime


def day_of(now: dt.datetime, zone: ZoneInfo) -> Span:
    """The local day: 23 or 25 hours long where the clock is changed."""
    today = now.astimezone(zone).date()
    return Span(_midnight(today, zone), _midnight(today + dt.timedelta(days=1), zone))


def iso_week_of(now: dt.datetime, zone: ZoneInfo) -> Span:
    """The local week from Monday to Monday."""
    today = now.astimezone(zone).date()
    monday = today - dt.timedelta(days=today.weekday())
    return Span(_midnight(monday, zone), _midnight(monday + dt.timedelta(days=7), zone))


def next_opening(now: dt.datetime, policy: SendingPolicy, zone: ZoneInfo) -> dt.datetime | None:
    """`now` inside the sending hours, else when they begin next; None where no day is a sending day."""
    today = now.astimezone(zone).date()
    for offset in range(_SEARCH_DAYS):
        day = today + dt.timedelta(days=offset)
        if _DAYS[day.weekday()] not in policy.sending_days:
            continue
        opens, closes = _hours(day, policy, zone)
        if now < closes:
            return max(now, opens)
    return None


def _hours(day: dt.date, policy: SendingPolicy, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    start, end = (dt.time.fromisoformat(part.strip()) for part in policy.sending_hours.split("-"))
    return _moment(day, start, zone), _moment(day, end, zone)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return _moment(day, dt.time(), zone)


def _moment(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """A local time as a moment: of one told twice the first, of a skipped one what the old offset makes of it."""
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)
