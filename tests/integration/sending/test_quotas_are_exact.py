"""A limit is reached and never passed: a hundred approvals at once over eight workers, and each hour of odd nights.

Copies are counted in the sandbox's mailbox: over the limit none, under it none where there was enough to send.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.sending.models import SendStatus
from tests.integration.sending.office import FixedClock, Office, new_address

BERLIN = ZoneInfo("Europe/Berlin")
Opened = Callable[..., AbstractAsyncContextManager[Office]]


async def approved(office: Office, count: int) -> list[UUID]:
    return [await office.approved(new_address()) for _ in range(count)]


def sent(office: Office) -> int:
    return len(office.sandbox.state("sent"))


@pytest.mark.parametrize(("count", "workers"), [(30, 4), pytest.param(100, 8, marks=pytest.mark.long)])
async def test_approvals_at_once_over_many_workers_send_the_limit_exactly(opened: Opened, count: int, workers: int):
    async with opened(workers=workers, max_emails_per_day=20) as office:
        before = sent(office)
        drafts = await approved(office, count)

        await office.work(within=120)

        assert sent(office) - before == 20
        states = [await office.state(draft) for draft in drafts]
        assert (states.count("sent"), states.count("held")) == (20, count - 20)


# The last minute of a day before the clock is changed in either direction, and of an ordinary one.
NIGHTS = {
    "an ordinary night": dt.datetime(2027, 1, 13, 23, 58, tzinfo=BERLIN),
    "the night before summer time": dt.datetime(2027, 3, 27, 23, 58, tzinfo=BERLIN),
    "the night of summer time": dt.datetime(2027, 3, 28, 23, 58, tzinfo=BERLIN),
    "the night of winter time": dt.datetime(2027, 10, 31, 23, 58, tzinfo=BERLIN),
}


@pytest.mark.parametrize("night", NIGHTS)
async def test_the_next_day_in_the_sellers_zone_begins_a_new_limit(opened: Opened, night: str):
    clock = FixedClock(NIGHTS[night].astimezone(dt.UTC))
    async with opened(workers=2, clock=clock, max_emails_per_day=3, sending_hours="00:00-23:59") as office:
        before = sent(office)
        drafts = await approved(office, 8)
        await office.work()
        assert sent(office) - before == 3
        held = (await office.held_of(drafts))[0]
        due = (await office.send(held)).release_at
        midnight = dt.datetime.combine(NIGHTS[night].date() + dt.timedelta(days=1), dt.time(), BERLIN)
        assert due == midnight

        clock.moment = midnight.astimezone(dt.UTC) - dt.timedelta(seconds=1)
        await office.run(JobKind.RELEASE_HELD)
        await office.work()
        assert sent(office) - before == 3, "a second too early"
        clock.moment = midnight.astimezone(dt.UTC)
        await office.run(JobKind.RELEASE_HELD)
        await office.work()

        assert sent(office) - before == 6


async def test_the_week_begins_on_monday_and_one_person_gets_two_mails_in_168_hours(opened: Opened):
    clock = FixedClock(dt.datetime(2027, 1, 13, 10, tzinfo=dt.UTC))
    address = new_address()
    async with opened(clock=clock, max_emails_per_contact_per_week=2, max_emails_per_week=4) as office:
        before = sent(office)
        to_one = [await office.draft(address)]
        contact_id = (await office.row(to_one[0])).contact_id
        for number in range(3):
            if number:
                to_one.append(await office.draft(address, contact_id=contact_id))
            await office.read_mailbox_again(to_one[number])  # our own mail before is news to an approval
            await office.approve(to_one[number])
            await office.work()
            clock.moment += dt.timedelta(hours=1)
        third = await office.send(to_one[2])
        assert (sent(office) - before, third.status) == (2, SendStatus.HELD)
        assert third.release_at == dt.datetime(2027, 1, 20, 10, tzinfo=dt.UTC)
        assert "MAX_EMAILS_PER_CONTACT_PER_WEEK" in (third.reason or "")

        others = await approved(office, 3)
        await office.work()

        assert sent(office) - before == 4
        last = (await office.held_of(others))[0]
        assert (await office.send(last)).release_at == dt.datetime(2027, 1, 17, 23, tzinfo=dt.UTC), "Monday in Berlin"


async def test_simulated_sends_take_no_place(opened: Opened):
    async with opened(draft_only=True, max_emails_per_day=1) as office:
        drafts = await approved(office, 3)
        await office.work()

        assert [await office.state(draft) for draft in drafts] == ["simulated"] * 3
        assert all([(await office.send(draft)).counted_at is None for draft in drafts])


async def test_mails_kept_apart_leave_one_at_a_time_and_the_others_wait_in_silence(opened: Opened):
    clock = FixedClock(dt.datetime(2027, 1, 13, 10, tzinfo=dt.UTC))
    async with opened(clock=clock, send_spacing_seconds=600.0) as office:
        before = sent(office)
        await approved(office, 4)
        await office.work()
        assert sent(office) - before == 1
        said = len(await office.audit("send.held"))

        for minutes, so_far in ((9, 1), (10, 2), (11, 2), (20, 3)):
            clock.moment = dt.datetime(2027, 1, 13, 10, minutes, tzinfo=dt.UTC)
            await office.run(JobKind.RELEASE_HELD)
            await office.work()
            assert sent(office) - before == so_far, minutes

        assert len(await office.audit("send.held")) == said, "nothing is told again that everybody knows"


async def test_a_held_mail_says_what_it_waits_for_now(opened: Opened):
    clock = FixedClock(dt.datetime(2027, 1, 13, 10, tzinfo=dt.UTC))
    async with opened(clock=clock, send_spacing_seconds=60.0, max_emails_per_week=2) as office:
        drafts = await approved(office, 4)
        await office.work()
        for _ in range(2):
            clock.moment += dt.timedelta(minutes=1)
            await office.run(JobKind.RELEASE_HELD)
            await office.work()

        held = await office.held_of(drafts)
        assert len(held) == 2
        for draft_id in held:
            send, row = await office.send(draft_id), await office.row(draft_id)
            assert "MAX_EMAILS_PER_WEEK (2)" in (send.reason or "")
            assert send.release_at == dt.datetime(2027, 1, 17, 23, tzinfo=dt.UTC), "Monday in Berlin"
            assert "MAX_EMAILS_PER_WEEK" in (row.state_reason or "")
