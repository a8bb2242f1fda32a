"""Between two attempts a mail is only queued: every gate is asked again, and whoever says no is heard.

What may have left already is the exception: no gate and no failing look-up makes it unsent, evidence alone does.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from uuid import UUID

import pytest

from sales_agent.console.kill_switch.stopping import Stopper
from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.controls.settings import Switches, change_setting
from sales_agent.pipeline.approval.outgoing import take_back
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.sandbox.faults import FaultKind
from tests.integration.sending.office import OPERATOR, FixedClock, Office, new_address

SEND = "drafts/send"
Opened = Callable[..., AbstractAsyncContextManager[Office]]
MORNING = dt.datetime(2030, 1, 7, 9, 50, tzinfo=dt.UTC)


async def refused_once(office: Office, address: str, status: int = 429) -> UUID:
    """A draft whose first attempt came to nothing, certainly."""
    office.sandbox.fault(FaultKind.STATUS, path=SEND, status=status, times=1, headers={"Retry-After": "0"})
    draft_id = await office.approved(address)
    await office.work_once()
    assert (await office.state(draft_id), (await office.send(draft_id)).counted_at) == ("queued", None)
    return draft_id


async def turned(office: Office, key: str, value: object) -> None:
    """What an admin does to a switch of the tenant."""
    allowed = Switches(
        draft_only=False, allow_real_sends=True, auto_approve_enabled=True, operator_approval_required=False
    )
    async with office.database.transaction(office.tenant_id) as session:
        await change_setting(session, office.tenant_id, key, value, by="user:admin", ceiling=allowed)


@pytest.mark.parametrize("status", [429, 401])
async def test_a_refused_mail_is_judged_anew_and_takes_the_place_of_the_day_it_leaves(opened: Opened, status: int):
    clock, first, second = FixedClock(MORNING), new_address(), new_address()
    async with opened(clock=clock, sending_hours="08:00-18:00", seller_time_zone="UTC", max_emails_per_day=1) as office:
        refused = await refused_once(office, first, status)
        clock.moment += dt.timedelta(days=1)
        other = await office.approved(second)
        await office.work_on(other)
        assert len(office.copies(second)) == 1
        clock.moment = clock.moment.replace(hour=23)

        await office.make_due()
        await office.work()

        assert (await office.state(refused), office.copies(first)) == ("held", [])


async def test_what_would_have_been_simulated_is_not_sent_past_the_gates(opened: Opened):
    address = new_address()
    async with opened(max_emails_per_day=0, seller_postal_address=" ") as office:
        await turned(office, "draft_only", value=True)
        office.sandbox.fault(FaultKind.STATUS, provider="gmail", method="POST", status=503, times=1, path="drafts")
        draft_id = await office.approved(address)
        await office.work_once()
        await turned(office, "draft_only", value=False)

        await office.work()

        assert (await office.state(draft_id), office.copies(address)) == ("held", [])


async def test_a_stop_finds_what_waits_for_another_attempt_and_a_resume_sends_nothing(office: Office):
    address = new_address()
    draft_id = await refused_once(office, address)

    stopped = await Stopper(office.database).stop_tenant(office.tenant_id, by=OPERATOR, reason="a test")
    async with office.database.transaction(office.tenant_id) as session:
        await KillSwitch(session, office.tenant_id).resume(by=OPERATOR, reason="over")
    await office.make_due()
    await office.work()

    assert (stopped.cancelled, await office.state(draft_id), office.copies(address)) == (1, "cancelled", [])


async def test_a_look_up_that_is_refused_does_not_make_a_mail_unsent(opened: Opened):
    address, other = new_address(), new_address()
    async with opened(max_emails_per_day=1) as office:
        office.sandbox.fault(FaultKind.ACT_THEN_STATUS, path=SEND, status=500, times=1)
        looking = office.sandbox.fault(FaultKind.STATUS, method="GET", path=r"drafts/r", status=403, nth=2, times=0)
        draft_id = await office.approved(address)
        for _ in range(3):
            await office.make_due()
            await office.work_once()
        send = await office.send(draft_id)
        assert (await office.state(draft_id), send.status, send.asks_person) == ("unknown", "unknown", False)
        assert send.counted_at is not None
        second = await office.approved(other)
        await office.work_on(second)
        assert office.copies(other) == [], "its place in the limits is taken"

        office.sandbox.withdraw_faults(looking)
        await office.make_due()
        await office.work_on(draft_id)

        assert (await office.state(draft_id), len(office.copies(address))) == ("sent", 1)


async def test_a_worker_that_died_in_the_call_leaves_it_unknown_however_long_nobody_can_look(opened: Opened):
    address = new_address()
    async with opened(lease_seconds=1.0, provider_timeout_seconds=20.0) as office:
        office.sandbox.fault(FaultKind.ACT_THEN_HOLD, path=SEND, times=1)
        draft_id = await office.approved(address)
        dying = asyncio.create_task(office.work_once())
        while not office.copies(address):
            await asyncio.sleep(0.05)
        dying.cancel()
        with suppress(asyncio.CancelledError):
            await dying
        looking = office.sandbox.fault(FaultKind.STATUS, provider="gmail", method="GET", status=503, times=0)
        await asyncio.sleep(1.2)
        for _ in range(6):
            await office.make_due()
            await office.work_once()
        assert (await office.state(draft_id), (await office.send(draft_id)).status) == ("unknown", "unknown")

        office.sandbox.withdraw_faults(looking)
        await office.make_due()
        await office.work()

        assert (await office.state(draft_id), len(office.copies(address))) == ("sent", 1)


async def test_time_releases_only_what_was_held_and_not_what_was_approved_since(opened: Opened):
    clock, first, second = FixedClock(MORNING), new_address(), new_address()
    async with opened(clock=clock, send_spacing_seconds=60.0) as office:
        await office.approved(first)
        await office.work()
        draft_id = await office.approved(second)
        await office.work()
        assert await office.state(draft_id) == "held"
        async with office.database.transaction(office.tenant_id) as session:
            await take_back(session, office.tenant_id, draft_id, actor=OPERATOR)
        await office.approve(draft_id, sends=False)
        clock.moment += dt.timedelta(minutes=2)

        await office.run(JobKind.RELEASE_HELD)
        await office.work()

        assert (await office.state(draft_id), office.copies(second)) == ("approved", [])


@pytest.mark.parametrize("no", ["the rule is off", "auto_approve_enabled", "operator_approval_required"])
async def test_what_a_rule_let_go_waits_for_a_person_once_an_admin_has_said_no(opened: Opened, no: str):
    address = new_address()
    async with opened(auto_approve_enabled=True, operator_approval_required=False) as office:
        draft_id = await office.let_go_by_a_rule(address)
        if no == "the rule is off":
            await office.disable_rules()
        else:
            await turned(office, no, value=no == "operator_approval_required")

        await office.work()

        send = await office.send(draft_id)
        assert (await office.state(draft_id), send.gate, office.copies(address)) == ("held", "rule_still_may", [])


async def test_what_a_rule_let_go_is_sent_while_nobody_objects(opened: Opened):
    address = new_address()
    async with opened(auto_approve_enabled=True, operator_approval_required=False) as office:
        draft_id = await office.let_go_by_a_rule(address)

        await office.work()

        assert (await office.state(draft_id), len(office.copies(address))) == ("sent", 1)
