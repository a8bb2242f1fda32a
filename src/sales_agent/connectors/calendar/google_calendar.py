"""Free and busy from Google Calendar: a calendar that could not be read is named, since its empty list looks free."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, object_at, objects_at, text_at
from sales_agent.connectors.calendar.reader import Availability, BusySpan

_FREE_BUSY_PATH = "/calendar/v3/freeBusy"

# Google expands at most so many calendars in one query.
_MOST_CALENDARS = 50

# Google refuses ranges of more than about three months.
_LONGEST_RANGE = dt.timedelta(days=60)


class GoogleCalendarReader:
    """One account's view of calendars. Implements CalendarReader."""

    def __init__(self, account: Reads) -> None:
        self._account = account

    async def availability(self, calendar_ids: Sequence[str], start: dt.datetime, end: dt.datetime) -> Availability:
        """Busy spans of all calendars between two aware times, in order of their start."""
        busy: set[BusySpan] = set()
        unreadable: dict[str, None] = {}
        for asked in _chunks(list(dict.fromkeys(calendar_ids))):
            for begin, until in _ranges(start, end):
                calendars = await self._ask(asked, begin, until)
                for calendar_id in asked:
                    spans = _spans(calendars, calendar_id)
                    if spans is None:
                        unreadable[calendar_id] = None
                    else:
                        busy.update(spans)
        ordered = sorted(busy, key=lambda span: (span.start, span.end))
        return Availability(tuple(ordered), tuple(unreadable))

    async def _ask(self, calendar_ids: Sequence[str], start: dt.datetime, end: dt.datetime) -> JsonObject:
        body = {
            "timeMin": start.astimezone(dt.UTC).isoformat(),
            "timeMax": end.astimezone(dt.UTC).isoformat(),
            "timeZone": "UTC",
            "items": [{"id": calendar_id} for calendar_id in calendar_ids],
        }
        return object_at(await self._account.read(_FREE_BUSY_PATH, json=body), "calendars")


def _spans(calendars: JsonObject, calendar_id: str) -> list[BusySpan] | None:
    """None for a calendar that is absent, reports errors, or has a span that cannot be read."""
    answer = object_at(calendars, calendar_id)
    if not answer or objects_at(answer, "errors"):
        return None
    try:
        return [
            BusySpan(_aware(text_at(span, "start")), _aware(text_at(span, "end")))
            for span in objects_at(answer, "busy")
        ]
    except ValueError:
        return None


def _aware(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a busy time without a zone")
    return moment.astimezone(dt.UTC)


def _ranges(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    while start < end:
        yield start, min(start + _LONGEST_RANGE, end)
        start += _LONGEST_RANGE


def _chunks(calendar_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(calendar_ids), _MOST_CALENDARS):
        yield calendar_ids[at : at + _MOST_CALENDARS]
