"""The calendar port against Google Calendar as the sandbox plays it."""

import datetime as dt

import pytest

from sales_agent.connectors.calendar.google_calendar import GoogleCalendarReader
from sales_agent.connectors.google import CALENDAR
from sales_agent.kit.clock import SystemClock
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

MARA, TEAM, BROKEN = "mara@brightpath.example", "sales-team@brightpath.example", "rooms-broken@brightpath.example"
NOW = SystemClock().now()
NEXT_WEEKS = (NOW, NOW + dt.timedelta(days=14))


@pytest.fixture
def reader(account: MakeAccount) -> GoogleCalendarReader:
    return GoogleCalendarReader(account(CALENDAR))


async def test_what_is_taken_in_any_calendar_is_taken(reader: GoogleCalendarReader) -> None:
    mine = await reader.availability([MARA], *NEXT_WEEKS)
    both = await reader.availability([MARA, TEAM], *NEXT_WEEKS)
    assert set(mine.busy) < set(both.busy)
    assert both.unreadable == ()
    assert all(span.start < span.end and span.start.tzinfo for span in both.busy)
    assert list(both.busy) == sorted(both.busy, key=lambda span: span.start)


async def test_a_calendar_that_cannot_be_read_is_named_and_does_not_look_free(reader: GoogleCalendarReader) -> None:
    answer = await reader.availability([MARA, BROKEN, "nobody@brightpath.example"], *NEXT_WEEKS)
    assert answer.unreadable == (BROKEN, "nobody@brightpath.example")
    assert answer.busy


@pytest.mark.parametrize(
    "entry",
    [{"busy": [{"start": "soon", "end": "later"}]}, {"busy": [{"start": "2031-01-01T09:00:00", "end": ""}]}, None],
)
async def test_a_calendar_whose_answer_is_odd_is_unreadable(
    reader: GoogleCalendarReader, sandbox: SandboxClient, entry: object
) -> None:
    sandbox.fault("status", status=200, body={"calendars": {MARA: entry}})
    assert (await reader.availability([MARA], *NEXT_WEEKS)).unreadable == (MARA,)


async def test_many_calendars_and_long_times_are_asked_for_in_pieces(
    reader: GoogleCalendarReader, sandbox: SandboxClient
) -> None:
    many = [f"room-{number}@brightpath.example" for number in range(60)]
    answer = await reader.availability([MARA, *many, MARA], NOW, NOW + dt.timedelta(days=100))
    assert len(answer.unreadable) == 60
    assert len(sandbox.journal()) == 4
    assert [len(entry["body"]["items"]) for entry in sandbox.journal()] == [50, 50, 11, 11]


async def test_no_calendars_ask_nobody(reader: GoogleCalendarReader, sandbox: SandboxClient) -> None:
    assert (await reader.availability([], *NEXT_WEEKS)).busy == ()
    assert sandbox.journal() == []
