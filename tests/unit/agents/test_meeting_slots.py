"""Proposed times in the cases people know by heart."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sales_agent.agents.base import AgentInputInvalid
from sales_agent.agents.meeting_slots import MeetingSlots, ProposedSlots, search_window
from sales_agent.connectors.calendar.reader import BusySpan
from tests.factories.agents import NOW, make_search

# (now, seller country and zone, lead country and zone, the first day that may be offered, in the lead's zone)
FIRST_DAYS = [
    # Good Friday and Easter Monday in both countries.
    ("2026-04-02T10:00", "DE Europe/Berlin", "AT Europe/Vienna", "2026-04-07"),
    # Easter Monday is kept in most of Britain, though not in Scotland.
    ("2026-04-02T10:00", "US America/New_York", "GB Europe/London", "2026-04-07"),
    # Thanksgiving is American only, and the seller's day off counts as well.
    ("2026-11-25T10:00", "DE Europe/Berlin", "US America/New_York", "2026-11-27"),
    ("2026-11-25T10:00", "US America/New_York", "DE Europe/Berlin", "2026-11-27"),
    # Labour Day is on the first of May here, in September there.
    ("2026-04-30T10:00", "DE Europe/Berlin", "FR Europe/Paris", "2026-05-04"),
    ("2026-09-04T10:00", "DE Europe/Berlin", "US America/Chicago", "2026-09-08"),
    # Christmas, Boxing Day, a weekend: four days.
    ("2025-12-24T10:00", "DE Europe/Berlin", "GB Europe/London", "2025-12-29"),
    # New Year over a year's end.
    ("2026-12-31T10:00", "DE Europe/Berlin", "PL Europe/Warsaw", "2027-01-04"),
    # Golden Week.
    ("2026-05-01T10:00", "DE Europe/Berlin", "JP Asia/Tokyo", "2026-05-07"),
    # The National Day week in China.
    ("2026-09-30T10:00", "SG Asia/Singapore", "CN Asia/Shanghai", "2026-10-08"),
    # Friday and Saturday are the weekend in Israel, Saturday and Sunday in Germany: Thursday leads to Monday.
    ("2026-11-12T10:00", "DE Europe/Berlin", "IL Asia/Jerusalem", "2026-11-16"),
    ("2026-11-12T10:00", "IL Asia/Jerusalem", "IL Asia/Jerusalem", "2026-11-15"),
    # The Emirates have worked on Fridays since 2022.
    ("2026-11-12T10:00", "DE Europe/Berlin", "AE Asia/Dubai", "2026-11-13"),
    # German Unity Day is a Saturday in 2026 and nobody gets the Monday for it.
    ("2026-10-02T10:00", "DE Europe/Berlin", "DE Europe/Berlin", "2026-10-05"),
    ("2025-10-02T10:00", "DE Europe/Berlin", "DE Europe/Berlin", "2025-10-06"),
    # Australia Day.
    ("2026-01-23T03:00", "JP Asia/Tokyo", "AU Australia/Sydney", "2026-01-27"),
    # Independence Day falls on a Saturday in 2026 and is kept on Friday.
    ("2026-07-02T14:00", "US America/New_York", "US America/New_York", "2026-07-06"),
    # The lead's tomorrow, not the seller's: it is Tuesday already in Auckland.
    ("2026-11-23T12:00", "JP Asia/Tokyo", "NZ Pacific/Auckland", "2026-11-25"),
]


async def propose(**changes: object) -> ProposedSlots:
    return await MeetingSlots().execute(make_search(**changes))


def days_of(proposed: ProposedSlots) -> list[str]:
    return [slot.start.astimezone(ZoneInfo(proposed.zone)).date().isoformat() for slot in proposed.slots]


@pytest.mark.parametrize(("now", "seller", "lead", "first"), FIRST_DAYS)
async def test_the_first_day_offered_is_a_working_day_of_both(now: str, seller: str, lead: str, first: str) -> None:
    seller_country, seller_zone = seller.split()
    lead_country, lead_zone = lead.split()
    proposed = await propose(
        now=dt.datetime.fromisoformat(f"{now}+00:00"),
        seller_country=seller_country,
        seller_zone=seller_zone,
        lead_country=lead_country,
        crm_time_zone=lead_zone,
    )
    assert len(proposed.slots) >= 2
    assert days_of(proposed)[0] == first


async def test_slots_lie_on_different_days_and_in_different_halves_of_them() -> None:
    proposed = await propose(lead_country="DE")
    hours = [slot.start.astimezone(ZoneInfo("Europe/Berlin")).hour for slot in proposed.slots]
    assert days_of(proposed) == ["2026-11-20", "2026-11-23", "2026-11-24"]
    assert {hour < 12 for hour in hours} == {True, False}


async def test_the_summer_time_switch_moves_the_slots_with_the_local_clock() -> None:
    before = await propose(now=dt.datetime(2026, 3, 26, 10, tzinfo=dt.UTC), lead_country="DE")
    hours = {slot.start.date().isoformat(): slot.start.hour for slot in before.slots}
    # 10:00 in Berlin is 9:00 UTC on the 27th and 8:00 UTC on the 30th, after the night of the 29th.
    assert hours["2026-03-27"] == 9
    assert all(
        9 <= slot.start.astimezone(ZoneInfo("Europe/Berlin")).hour < 18 and "UTC+2" in slot.label
        for slot in before.slots
        if slot.start.date() > dt.date(2026, 3, 29)
    )


async def test_weeks_in_which_only_one_side_has_switched_keep_both_sides_hours() -> None:
    # The United States switch on 8 March 2026, Europe on 29 March: five hours between New York and Berlin.
    proposed = await propose(now=dt.datetime(2026, 3, 9, 10, tzinfo=dt.UTC), crm_time_zone="us_slash_eastern")
    for slot in proposed.slots:
        here, there = (slot.start.astimezone(ZoneInfo(zone)) for zone in ("Europe/Berlin", "America/New_York"))
        assert here.hour - there.hour == 5
        assert there.hour >= 9
        assert slot.end.astimezone(here.tzinfo).time() <= dt.time(17, 30)


async def test_a_busy_calendar_is_respected_to_the_minute() -> None:
    free = await propose(lead_country="DE")
    first = free.slots[0]
    minute = dt.timedelta(minutes=1)
    taken = await propose(lead_country="DE", busy=(BusySpan(first.end - minute, first.end),))
    around = (BusySpan(first.start - minute, first.start), BusySpan(first.end, first.end + minute))
    beside = await propose(lead_country="DE", busy=around)
    assert first not in taken.slots
    assert first in beside.slots


async def test_a_full_calendar_leaves_no_slots_and_says_so() -> None:
    start, end = search_window(NOW)
    proposed = await propose(lead_country="DE", busy=(BusySpan(start, end),))
    assert proposed.slots == ()
    assert proposed.note == "No free time suits both sides."


async def test_a_full_calendar_is_no_reason_to_stretch_the_day() -> None:
    day = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    mornings = [day + dt.timedelta(days=n, hours=7) for n in range(8)]
    office = tuple(BusySpan(morning, morning + dt.timedelta(hours=10)) for morning in mornings)
    assert (await propose(lead_country="DE", busy=office)).slots == ()


async def test_one_unreadable_calendar_means_no_slots_at_all() -> None:
    proposed = await propose(lead_country="DE", unreadable_calendars=("team@northwind.example",))
    assert proposed.slots == ()
    assert "team@northwind.example" in proposed.note


async def test_an_unknown_zone_is_the_sellers_and_the_note_says_so() -> None:
    proposed = await propose(lead_country="US")
    assert (proposed.zone, proposed.zone_is_known) == ("Europe/Berlin", False)
    assert "time zone is unknown" in proposed.note
    assert len(proposed.slots) == 3


async def test_an_unknown_zone_still_keeps_the_known_countrys_holidays() -> None:
    proposed = await propose(lead_country="US", now=dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC))
    assert "2026-11-26" not in days_of(proposed)


async def test_the_sellers_day_is_stretched_for_the_far_west() -> None:
    proposed = await propose(crm_time_zone="America/Los_Angeles")
    assert proposed.slots
    assert "stretched" in proposed.note
    for slot in proposed.slots:
        assert slot.start.astimezone(ZoneInfo("America/Los_Angeles")).hour >= 9
        assert slot.end.astimezone(ZoneInfo("Europe/Berlin")).time() <= dt.time(19)


async def test_where_the_days_never_meet_nothing_is_offered() -> None:
    proposed = await propose(crm_time_zone="Australia/Sydney")
    assert proposed.slots == ()
    assert "No free time suits both sides." in proposed.note


async def test_two_slots_are_offered_where_two_are_asked_for() -> None:
    assert len((await propose(lead_country="DE", count=2)).slots) == 2


async def test_labels_come_in_the_drafts_language() -> None:
    proposed = await propose(lead_country="DE", language="de")
    assert proposed.slots[0].label == "Freitag, 20. November 2026, 10:00 Uhr Ortszeit Berlin (UTC+1)"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"now": dt.datetime(2026, 1, 1)}, "now has no time zone"),  # noqa: DTZ001 - what is refused here
        ({"seller_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"working_hours": "nine to five"}, "nine to five"),
        ({"working_hours": "17:30-09:00"}, "17:30-09:00"),
        ({"working_hours": "25:00-26:00"}, "25:00-26:00"),
        ({"count": 9}, "two or three"),
    ],
)
async def test_what_cannot_be_worked_with_is_named(changes: dict[str, object], what: str) -> None:
    with pytest.raises(AgentInputInvalid, match=what):
        await propose(**changes)
