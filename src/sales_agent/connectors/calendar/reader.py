"""Port: when somebody is busy."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BusySpan:
    """A time that is taken, aware."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Availability:
    """What several calendars say together. A calendar that could not be read is named: it must not look free."""

    busy: tuple[BusySpan, ...]
    unreadable: tuple[str, ...] = ()


class CalendarReader(Protocol):
    """Reads; never books."""

    async def availability(self, calendar_ids: Sequence[str], start: dt.datetime, end: dt.datetime) -> Availability:
        """Busy spans of all calendars between two aware times."""
        ...
