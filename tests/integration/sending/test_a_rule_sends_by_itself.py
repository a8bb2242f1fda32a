"""A lead that a rule lets go is answered without a hand on it, for reasons that hold; the rest waits for a person.

What left is counted in the sandbox's mailbox.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from sales_agent.pipeline.approval.engine import is_reached_again
from sales_agent.sandbox.client import SandboxClient
from tests.conftest import DatabaseUrls
from tests.integration.sending.house import PRICES, House, open_house
from tests.integration.sending.office import new_address

MESSAGES = (PRICES, "Could you show us how drivers get their routes?", "Do you work with trailers as well?")


@pytest.fixture
async def house(tmp_path: Path, database_urls: DatabaseUrls, sandbox: SandboxClient) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_urls, sandbox) as opened:
        yield opened


async def test_every_mail_that_a_rule_sends_was_let_go_for_reasons_that_hold(house: House):
    known = [await house.knows(new_address()) for _ in MESSAGES]
    stranger = new_address()
    for address, message in zip([*known, stranger], [*MESSAGES, PRICES], strict=True):
        await house.form_from(address, message)
    await house.office.work()

    for address in known:
        draft, log, [mail] = await house.draft_to(address), await house.log_of(address), house.office.copies(address)
        words = await house.words_of(draft)
        assert (draft.state, log.rule_type, log.draft_version) == ("sent", "known_good_recipient", draft.version)
        assert (mail["subject"], mail["to"]) == (words.subject, [address])
        assert mail["text"].replace("\r\n", "\n").startswith(f"{words.body}\n\n-- \n")
    assert ((await house.draft_to(stranger)).state, house.office.copies(stranger)) == ("needs_review", [])
    assert all([is_reached_again(await house.log_of(address)) for address in [*known, stranger]])
    queued = await house.office.audit("send.queued")
    assert [event.actor for event in queued] == ["system"] * len(known)


Closing = Callable[[House], Awaitable[None]]


async def the_model_obeys_the_form(house: House) -> None:
    house.office.sandbox.settings(is_obedient=True)


async def nothing(house: House) -> None:
    """The form itself is why."""


async def stop(house: House) -> None:
    answer = await house.client.post("/api/admin/emergency-stop", json={"reason": "a test"}, headers=house.owner)
    assert answer.status_code == 200


async def the_rule_is_off(house: House) -> None:
    answer = await house.client.post(f"{await house.rule()}/disable", headers=house.owner)
    assert answer.status_code == 200


async def the_rule_is_another(house: House) -> None:
    wish = {"version": 1, "conditions": {"min_sends": 1}, "priority": 7}
    answer = await house.client.patch(await house.rule(), json=wish, headers=house.owner)
    assert (answer.status_code, answer.json()["status"]) == (200, "shadow")


def turned(**changes: object) -> Closing:
    return lambda house: house.set(**changes)


# What keeps a mail from going by itself: how it comes about, what the form says, and the reason that is logged.
KEPT: dict[str, tuple[Closing, str, str]] = {
    "a finding above a note": (the_model_obeys_the_form, PRICES, "a finding warns"),
    "a topic for people": (nothing, "I want to speak to a human about a refund.", "a person decides: escalate_refund"),
    "a rule that is off": (the_rule_is_off, PRICES, "no rule vouches for the draft"),
    "a rule in shadow": (the_rule_is_another, PRICES, "known_good_recipient is in shadow"),
    "AUTO_APPROVE_ENABLED": (turned(auto_approve_enabled=False), PRICES, "auto-approval is off"),
    "OPERATOR_APPROVAL_REQUIRED": (turned(operator_approval_required=True), PRICES, "every draft waits for a person"),
    "the kill switch": (stop, PRICES, "the kill switch is on"),
}


@pytest.mark.parametrize("what", KEPT)
async def test_what_keeps_a_mail_from_going_by_itself_is_logged_and_it_waits_for_a_person(house: House, what: str):
    close, message, reason = KEPT[what]
    address = await house.knows(new_address())
    await close(house)

    await house.form_from(address, message)
    await house.office.work()

    log = await house.log_of(address)
    assert ((await house.draft_to(address)).state, log.decision) == ("needs_review", "needs_review")
    assert reason in log.reasons
    assert is_reached_again(log)
    assert house.office.sandbox.state("sent") == []


@pytest.mark.parametrize("switch", [{"draft_only": True}, {"allow_real_sends": False}], ids=str)
async def test_what_a_rule_lets_go_while_nothing_may_really_be_sent_waits_where_it_is(
    house: House, switch: dict[str, object]
):
    address = await house.knows(new_address())
    await house.set(**switch)

    await house.form_from(address)
    await house.office.work()

    assert ((await house.draft_to(address)).state, (await house.log_of(address)).decision) == ("auto_approved",) * 2
    assert house.office.sandbox.state("sent") == []


# What an admin may still say while a mail that a rule let go can be taken back; and where that leaves the draft.
LATE: dict[str, tuple[Closing, str]] = {
    "the rule is off": (the_rule_is_off, "held"),
    "the rule has another version": (the_rule_is_another, "held"),
    "AUTO_APPROVE_ENABLED": (turned(auto_approve_enabled=False), "held"),
    "OPERATOR_APPROVAL_REQUIRED": (turned(operator_approval_required=True), "held"),
    "the kill switch": (stop, "cancelled"),
}


@pytest.mark.parametrize("what", LATE)
async def test_a_mail_on_its_way_by_a_rule_stays_when_an_admin_says_no_in_time(house: House, what: str):
    close, state = LATE[what]
    address = await house.knows(new_address())
    await house.form_from(address)
    assert (await house.draft_to(address)).state == "queued"

    await close(house)
    await house.office.work()

    assert ((await house.draft_to(address)).state, house.office.sandbox.state("sent")) == (state, [])
