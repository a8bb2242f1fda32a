"""Hundreds of cases over three years: whatever the countries, dates and calendars, the same things hold."""

import datetime as dt
import random
from dataclasses import dataclass
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import holidays
import pytest

from sales_agent.agents.meeting_slots import MeetingSlots, ProposedSlots
from sales_agent.connectors.calendar.reader import BusySpan
from tests.factories.agents import make_search

SELLERS = (("DE", "Europe/Berlin"), ("US", "America/New_York"), ("IN", "Asia/Kolkata"), ("AE", "Asia/Dubai"))
LEADS = (
    ("DE", "Europe/Berlin"),
    ("GB", "Europe/London"),
    ("US", "America/Los_Angeles"),
    ("CA", "America/St_Johns"),
    ("BR", "America/Sao_Paulo"),
    ("IL", "Asia/Jerusalem"),
    ("SA", "Asia/Riyadh"),
    ("NP", "Asia/Kathmandu"),
    ("JP", "Asia/Tokyo"),
    ("AU", "Australia/Lord_Howe"),
    ("NZ", "Pacific/Auckland"),
    ("MA", "Africa/Casablanca"),
)
# Eves of holidays, of clock changes on either side of the Atlantic and the equator, and of a year's end.
EVES = (
    *("2025-03-07", "2025-03-28", "2025-04-17", "2025-10-02", "2025-10-24", "2025-11-26", "2025-12-23", "2025-12-31"),
    *("2026-02-16", "2026-03-06", "2026-03-27", "2026-04-02", "2026-04-30", "2026-10-23", "2026-10-30", "2026-12-23"),
    *("2027-01-01", "2027-03-12", "2027-03-25", "2027-09-24", "2027-10-29", "2027-11-05", "2027-11-24", "2027-12-30"),
)


@dataclass(frozen=True, slots=True)
class Side:
    country: str
    zone: ZoneInfo

    def works_on(self, day: dt.date) -> bool:
        kept = holidays.country_holidays(self.country, years=day.year)
        return day.weekday() not in kept.weekend and day not in kept


def check(proposed: ProposedSlots, now: dt.datetime, busy: tuple[BusySpan, ...], lead: Side, seller: Side) -> None:
    today = now.astimezone(lead.zone).date()
    month = [today + dt.timedelta(days=n) for n in range(1, 31)]
    joint = [day for day in month if lead.works_on(day) and seller.works_on(day)]
    is_stretched = "stretched" in proposed.note
    assert list(proposed.slots) == sorted(proposed.slots, key=lambda slot: slot.start)
    assert len(proposed.slots) <= 3
    for slot in proposed.slots:
        there, here = slot.start.astimezone(lead.zone), slot.start.astimezone(seller.zone)
        assert slot.end - slot.start == dt.timedelta(minutes=30)
        assert there.minute in {0, 30}
        assert there.date() in joint[:3]
        assert seller.works_on(here.date())
        assert dt.time(9) <= there.time() <= dt.time(17)
        assert (dt.time(8) if is_stretched else dt.time(9)) <= here.time()
        assert here.time() <= (dt.time(18, 30) if is_stretched else dt.time(17))
        assert all(span.end <= slot.start or span.start >= slot.end for span in busy)
        # The label says the local time as a clock on the wall there does, and a clock shows that time only once.
        assert there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset()
        assert str(there.year) in slot.label
        assert f"{there.hour % 12 or 12}:{there:%M}" in slot.label or f"{there:%H:%M}" in slot.label
    starts = [slot.start for slot in proposed.slots]
    assert all(later - earlier > dt.timedelta(minutes=30) for earlier, later in pairwise(starts))


def some_meetings(now: dt.datetime, rng: random.Random) -> tuple[BusySpan, ...]:
    """Forty meetings of the coming two weeks, most of them in office hours."""
    spans: list[BusySpan] = []
    for _ in range(40):
        start = now + dt.timedelta(minutes=15 * rng.randrange(14 * 96))
        spans.append(BusySpan(start, start + dt.timedelta(minutes=rng.choice((30, 45, 60, 180)))))
    return tuple(spans)


@pytest.mark.parametrize("eve", EVES)
async def test_every_slot_suits_both_sides_whatever_the_date(eve: str) -> None:
    agent = MeetingSlots()
    rng = random.Random(eve)
    offered = 0
    for (seller_country, seller_zone), (lead_country, lead_zone) in product(SELLERS, LEADS):
        now = dt.datetime.fromisoformat(f"{eve}T00:00+00:00") + dt.timedelta(minutes=rng.randrange(24 * 60))
        busy = some_meetings(now, rng)
        proposed = await agent.execute(
            make_search(
                now=now,
                seller_country=seller_country,
                seller_zone=seller_zone,
                lead_country=lead_country,
                crm_time_zone=lead_zone,
                busy=busy,
            )
        )
        assert proposed.zone == lead_zone
        check(proposed, now, busy, Side(lead_country, ZoneInfo(lead_zone)), Side(seller_country, ZoneInfo(seller_zone)))
        offered += bool(proposed.slots)
    # Some pairs never meet in office hours, and a week of holidays may leave others without; most must not.
    assert offered >= len(SELLERS) * len(LEADS) // 2


async def test_the_same_question_gets_the_same_slots() -> None:
    search = make_search(lead_country="JP")
    assert await MeetingSlots().execute(search) == await MeetingSlots().execute(search)


async def test_clocks_that_repeat_an_hour_are_not_proposed_even_to_night_workers() -> None:
    # 25 October 2026 is a Sunday, a working day in Israel, where clocks fall back at 2:00.
    proposed = await MeetingSlots().execute(
        make_search(
            now=dt.datetime(2026, 10, 24, 8, tzinfo=dt.UTC),
            seller_country="IL",
            seller_zone="Asia/Jerusalem",
            lead_country="IL",
            working_hours="01:00-02:00",
            busy=(),
        )
    )
    zone = ZoneInfo("Asia/Jerusalem")
    assert proposed.slots
    assert all(slot.start.astimezone(zone).date() != dt.date(2026, 10, 25) for slot in proposed.slots)
