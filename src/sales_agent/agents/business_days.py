"""Which days people work, by country: weekends as kept there, public holidays, and days most of a country has off."""

import datetime as dt
from functools import lru_cache
from itertools import islice
from typing import Final

import holidays

_SATURDAY_SUNDAY: Final = frozenset({5, 6})
# A holiday kept in this share of a country's regions is not offered, though the country calls it a working day.
_MOST: Final = 0.5


@lru_cache(maxsize=256)
def _calendar(country: str, year: int) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return None


@lru_cache(maxsize=256)
def _widely_kept(country: str, year: int) -> frozenset[dt.date]:
    """Days off in most regions of a country (Easter Monday in Britain: not in Scotland, so not nationwide)."""
    calendar = _calendar(country, year)
    regions = tuple(calendar.subdivisions) if calendar is not None else ()
    kept: dict[dt.date, int] = {}
    for region in regions:
        for day in holidays.country_holidays(country, subdiv=region, years=year):
            kept[day] = kept.get(day, 0) + 1
    return frozenset(day for day, count in kept.items() if count >= _MOST * len(regions))


def is_business_day(country: str, day: dt.date) -> bool:
    """Whether `country` (ISO code) works that day. Of an unknown country only the usual weekend is known."""
    calendar = _calendar(country, day.year) if country else None
    if calendar is None:
        return day.weekday() not in _SATURDAY_SUNDAY
    return day.weekday() not in calendar.weekend and day not in calendar


def is_widely_off(country: str, day: dt.date) -> bool:
    """Whether most regions of `country` have that day off."""
    return bool(country) and day in _widely_kept(country, day.year)


def next_business_days(countries: tuple[str, ...], after: dt.date, count: int, horizon: int) -> tuple[dt.date, ...]:
    """The first `count` days after `after` on which all countries work, looking `horizon` days ahead."""
    ahead = (after + dt.timedelta(days=step) for step in range(1, horizon + 1))
    working = (day for day in ahead if all(is_business_day(country, day) for country in countries))
    return tuple(islice(working, count))
