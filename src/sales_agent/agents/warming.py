"""Loads the tables that agents would otherwise load in the middle of the first lead, while all others wait for it."""

import datetime as dt

from sales_agent.agents.business_days import is_widely_off
from sales_agent.agents.zones import ZoneFound, ZoneSource, find_zone

# A number in whose country many zones are; any number loads the table of all.
_ANY_PHONE = "+12025550123"


def warm_up(*, zone: str, country: str, today: dt.date) -> None:
    """Takes a few tenths of a second of processor time; `zone` and `country` are the seller's."""
    seller = ZoneFound(zone, ZoneSource.SELLER, country)
    find_zone(crm_time_zone="", phone=_ANY_PHONE, country="", domain="", seller=seller, year=today.year)
    for year in (today.year, today.year + 1):
        is_widely_off(country, today.replace(year=year, day=1))
