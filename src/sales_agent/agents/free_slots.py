"""The arithmetic of free half hours: which starts suit both sides, which of them are free, which to offer."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sales_agent.agents.business_days import is_widely_off
from sales_agent.connectors.calendar.reader import BusySpan

SLOT_LENGTH: Final = dt.timedelta(minutes=30)
# Every zone's offset is a multiple of a quarter of an hour, so these steps meet each local :00 and :30.
_STEP: Final = dt.timedelta(minutes=15)
_HOURS: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
# Where a slot is looked for first in each half of a day: not the first minute of it, not lunch.
_BEST_HOUR: Final = {False: 10.0, True: 14.0}
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Hours:
    """A local working day, `start` before `end`."""

    start: dt.time
    end: dt.time

    def hold(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether two moments of one local day lie inside."""
        return start.date() == end.date() and self.start <= start.time() and end.time() <= self.end


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a meeting: its zone, the country whose days off it keeps, its hours, the days it may be asked for."""

    zone: ZoneInfo
    country: str
    hours: Hours
    days: frozenset[dt.date]

    def may_meet(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether a span (UTC) lies in this side's hours on one of its days, and its clock does not jump around it."""
        local_start, local_end = start.astimezone(self.zone), end.astimezone(self.zone)
        return (
            local_start.date() in self.days
            and self.hours.hold(local_start, local_end)
            and not _is_told_twice(local_start)
            and not is_widely_off(self.country, local_start.date())
        )


def parse_hours(written: str) -> Hours | None:
    """`09:00-17:30`; None if it is no span of one day."""
    match = _HOURS.fullmatch(written.strip())
    if match is None:
        return None
    try:
        start, end = dt.time(int(match[1]), int(match[2])), dt.time(int(match[3]), int(match[4]))
    except ValueError:
        return None
    return Hours(start, end) if start < end else None


def _is_told_twice(moment: dt.datetime) -> bool:
    """Whether the local clock shows this time twice that night: nobody could know which one is meant."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def common_starts(earliest: dt.datetime, lead: Party, seller: Party) -> Iterator[dt.datetime]:
    """Starts (UTC) that suit both, on the lead's full or half hour; built from UTC, so each is a time a clock shows."""
    for day in sorted(lead.days):
        start = dt.datetime.combine(day, dt.time(), lead.zone).astimezone(dt.UTC)
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), lead.zone).astimezone(dt.UTC)
        while start + SLOT_LENGTH <= midnight:
            end = start + SLOT_LENGTH
            is_round = start.astimezone(lead.zone).minute in {0, 30}
            if is_round and start >= earliest and lead.may_meet(start, end) and seller.may_meet(start, end):
                yield start
            start += _STEP


def free_of(starts: Iterable[dt.datetime], busy: Sequence[BusySpan]) -> Iterator[dt.datetime]:
    """Starts whose half hour touches no busy span; one that begins where another ends is free."""
    for start in starts:
        if all(span.end <= start or span.start >= start + SLOT_LENGTH for span in busy):
            yield start


def spread(starts: Sequence[dt.datetime], zone: ZoneInfo, count: int) -> tuple[dt.datetime, ...]:
    """Up to `count` starts, in time order: different days, halves of the day and times where there is a choice."""
    left: list[dt.datetime] = list(starts)
    used: Counter[dt.date | dt.time | bool] = Counter()

    def cost(start: dt.datetime) -> tuple[int, int, int, float, dt.datetime]:
        local = start.astimezone(zone)
        is_afternoon = local.hour >= _NOON
        away = abs(local.hour + local.minute / 60 - _BEST_HOUR[is_afternoon])
        return used[local.date()], used[is_afternoon], used[local.time()], away, start

    chosen: list[dt.datetime] = []
    while left and len(chosen) < count:
        best = min(left, key=cost)
        local = best.astimezone(zone)
        used.update((local.date(), local.hour >= _NOON, local.time()))
        chosen.append(best)
        # More than half an hour between two offers, so that they read as different times.
        left = [start for start in left if (start - best) > SLOT_LENGTH or (best - start) > SLOT_LENGTH]
    return tuple(sorted(chosen))
