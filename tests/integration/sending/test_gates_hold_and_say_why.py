"""A closed gate holds an approved mail, says why and what would release it, and nothing leaves.

Each gate of the table is closed once; the gates see the world as it is at the last moment, not as it was approved.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import httpx2
import pytest

from sales_agent.content import Evidence, EvidenceKind, Finding, Sentence, SentenceType, Severity
from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.controls.settings import change_setting
from sales_agent.controls.suppression import suppress
from sales_agent.pipeline.drafting.create import attach_findings
from sales_agent.pipeline.sending.gates import GATES
from sales_agent.sandbox.faults import FaultKind
from tests.integration.sending.office import CONTENT, FixedClock, Office, new_address

Opened = Callable[..., AbstractAsyncContextManager[Office]]


async def stop(office: Office) -> None:
    async with office.database.transaction(office.tenant_id) as session:
        await KillSwitch(session, office.tenant_id).stop(by="user:admin", reason="a test")


async def suppressed(office: Office, address: str) -> None:
    async with office.database.transaction(office.tenant_id) as session:
        await suppress(session, office.tenant_id, address, reason="opt_out", source="test")


def slots(*starts: str) -> tuple[Sentence, tuple[Evidence, ...]]:
    evidence = tuple(Evidence(f"slot.{number}", EvidenceKind.SLOT, start, start) for number, start in enumerate(starts))
    words = Sentence(SentenceType.CALL_TO_ACTION, "Would one of these suit you?", tuple(e.id for e in evidence), 1)
    return words, evidence


# Of each gate that settings close: the settings, and the gate's name.
BY_SETTINGS = {
    "real sends off": ({"allow_real_sends": False}, "real_sends"),
    "no postal address": ({"seller_postal_address": " "}, "sender_and_footer"),
    "no public url": ({"public_url": ""}, "sender_and_footer"),
    "no name": ({"seller_name": ""}, "sender_and_footer"),
    "no sending day": ({"sending_days": ()}, "sending_hours"),
    "a limit of none": ({"max_emails_per_day": 0}, "quotas"),
}


@pytest.mark.parametrize("name", BY_SETTINGS)
async def test_a_setting_closes_its_gate(opened: Opened, name: str):
    settings, gate = BY_SETTINGS[name]
    address = new_address()
    async with opened(**settings) as office:
        draft_id = await office.approved(address)
        await office.work()

        send = await office.send(draft_id)
        assert (await office.state(draft_id), send.gate, office.copies(address)) == ("held", gate, [])
        assert send.reason
        assert send.release


async def test_the_kill_switch_holds_what_is_queued(office: Office):
    address = new_address()
    draft_id = await office.approved(address)
    await stop(office)

    await office.work()

    assert ((await office.send(draft_id)).gate, office.copies(address)) == ("kill_switch", [])


async def test_a_suppressed_person_gets_nothing_however_the_address_is_written(office: Office):
    address = new_address()
    draft_id = await office.approved(address)
    await suppressed(office, address.upper())

    await office.work()

    assert ((await office.send(draft_id)).gate, office.copies(address)) == ("not_suppressed", [])


async def test_a_blocking_finding_of_later_closes_the_gate(opened: Opened):
    address = new_address()
    async with opened() as office:
        draft_id = await office.draft(address, content=CONTENT)
        async with office.database.transaction(office.tenant_id) as session:
            finding = Finding("links", "bad", Severity.BLOCK, "A link is bad.", "Remove it.")
            judged = await attach_findings(session, office.tenant_id, draft_id, 1, [finding])
        assert judged == (), "words that were judged stay judged"


async def test_outside_the_sending_hours_a_mail_waits_for_the_next_opening(opened: Opened):
    friday_evening = dt.datetime(2027, 1, 15, 18, 30, tzinfo=dt.UTC)
    workdays = ("mon", "tue", "wed", "thu", "fri")
    clock = FixedClock(friday_evening)
    async with opened(clock=clock, sending_hours="08:00-18:00", sending_days=workdays) as office:
        draft_id = await office.approved()
        await office.work()

        send = await office.send(draft_id)
        assert (send.gate, send.release_at) == ("sending_hours", dt.datetime(2027, 1, 18, 7, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("start", "reason"), [("2027-01-13T10:30:00+01:00", "has passed"), ("2027-01-14T10:00:00+01:00", "not free")]
)
async def test_a_time_that_has_passed_or_is_taken_holds_the_mail(opened: Opened, start: str, reason: str):
    address = new_address()
    words, evidence = slots(start)
    content = replace(CONTENT, sentences=(*CONTENT.sentences, words), evidence=evidence)
    async with opened(clock=FixedClock(dt.datetime(2027, 1, 13, 10, tzinfo=dt.UTC))) as office:
        meeting = {
            "summary": "Taken",
            "start": {"dateTime": "2027-01-14T09:30:00+01:00"},
            "end": {"dateTime": "2027-01-14T10:30:00+01:00"},
        }
        path = "/calendar/v3/calendars/primary/events"
        token = {"Authorization": "Bearer sandbox-own"}
        async with httpx2.AsyncClient(base_url=office.sandbox.url, headers=token) as google:
            assert (await google.post(path, json=meeting)).is_success
        draft_id = await office.approved(address, content=content)

        await office.work()

        assert await office.state(draft_id) == "held"
        assert reason in ((await office.send(draft_id)).reason or "")
        assert office.copies(address) == []


Change = Callable[[Office, str], Awaitable[None]]


async def a_mail_arrives(office: Office, address: str) -> None:
    office.sandbox.deliver(sender=address, subject="One more thing", text="We decided to wait.")


async def draft_only_is_turned_on(office: Office, address: str) -> None:
    del address
    ceiling = (await office.workers[0][0].carrier_of(office.reading())).mailbox.ceiling
    async with office.database.transaction(office.tenant_id) as session:
        on: object = True
        await change_setting(session, office.tenant_id, "draft_only", on, by="user:admin", ceiling=ceiling)


# What happens between the claim, whose gates were open, and the call.
LATE: dict[str, tuple[Change, str]] = {
    "a mail arrives": (a_mail_arrives, "a new message is in the thread"),
    "an opt-out": (suppressed, "suppression list"),
    "the kill switch": (lambda office, _: stop(office), "kill switch"),
    "draft only": (draft_only_is_turned_on, "REAL_SENDS is off"),
}


@pytest.mark.parametrize("change", LATE)
async def test_what_changes_after_the_claim_is_seen_by_the_last_look(office: Office, change: str):
    """The mailbox answers the look into the threads late: after the claim, and after the world has changed."""
    happens, reason = LATE[change]
    address = new_address()
    looking = office.sandbox.fault(FaultKind.HOLD_BEFORE, method="GET", path="users/me/threads$", times=1)
    draft_id = await office.approved(address)
    carrying = asyncio.create_task(office.work_once())
    await asyncio.to_thread(office.sandbox.wait_for_request, "users/me/threads", method="GET")
    assert await office.state(draft_id) == "sending"

    await happens(office, address)
    office.sandbox.withdraw_faults(looking)
    await carrying

    send = await office.send(draft_id)
    assert (await office.state(draft_id), office.copies(address)) == ("held", [])
    assert reason in (send.reason or "")
    assert send.counted_at is None, "a mail that is held gives its place back"


def test_every_gate_is_closed_here():
    by_hand = {"kill_switch", "approved", "rule_still_may", "world_unchanged", "not_suppressed", "no_blocking_finding"}
    assert {gate.name for gate in GATES} == by_hand | {gate for _, gate in BY_SETTINGS.values()}
