"""A person may send, change or throw away our draft in the mailbox's own window: that is noticed, and never doubled."""

import pytest

from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.sending.models import SentBy
from sales_agent.sandbox.faults import FaultKind
from tests.integration.sending.office import Office, new_address


async def in_mailbox(office: Office, address: str) -> tuple[object, str]:
    """A draft that lies in the mailbox and waits for a person: a held first send has put it there."""
    draft_id = await office.draft(address)
    await office.approve(draft_id)
    office.sandbox.deliver(sender=address, subject="One more thing", text="Please wait.")
    await office.work()
    assert await office.state(draft_id) == "held"
    row = await office.row(draft_id)
    assert row.mail_draft_id
    return draft_id, row.mail_draft_id


@pytest.mark.parametrize("noticed_by", ["the watch", "the next send"])
async def test_a_draft_sent_by_hand_is_sent_once_and_recorded_as_such(office: Office, noticed_by: str):
    address = new_address()
    draft_id, lying = await in_mailbox(office, address)
    if noticed_by == "the next send":
        await office.read_mailbox_again(draft_id)
        await office.approve_again(draft_id)
    office.sandbox.command("gmail/ui-send-draft", draft_id=lying)

    if noticed_by == "the watch":
        await office.run(JobKind.WATCH_MAILBOX)
    else:
        await office.work()

    row, send, copies = await office.row(draft_id), await office.send(draft_id), office.copies(address)
    assert (row.state, send.sent_by, len(copies)) == ("sent", SentBy.PERSON, 1)
    assert "a person sent it" in (row.state_reason or "")
    assert send.message_id == copies[0]["id"]
    assert send.counted_at is not None


async def test_a_draft_changed_by_hand_is_held_and_goes_out_as_approved_only_when_sent_again(office: Office):
    address = new_address()
    draft_id, lying = await in_mailbox(office, address)
    office.sandbox.command("gmail/ui-edit-draft", draft_id=lying, text="We give 90 % off.")
    await office.run(JobKind.WATCH_MAILBOX)
    assert "changed the draft" in ((await office.row(draft_id)).mailbox_note or "")
    await office.read_mailbox_again(draft_id)
    await office.approve_again(draft_id)

    await office.work()
    assert (await office.state(draft_id), office.copies(address)) == ("held", [])
    assert "changed the draft" in ((await office.send(draft_id)).reason or "")
    assert office.copies(address) == []

    await office.send_again(draft_id)
    await office.work()
    copies = office.copies(address)
    assert (await office.state(draft_id), len(copies)) == ("sent", 1)
    assert "90 %" not in str(copies[0])


@pytest.mark.parametrize("sent_again", [False, True], ids=["the first time", "over a person's words"])
async def test_words_that_we_laid_there_and_had_no_answer_for_are_not_taken_for_a_persons(
    office: Office, *, sent_again: bool
):
    address = new_address()
    draft_id, lying = await in_mailbox(office, address)
    await office.read_mailbox_again(draft_id)
    await office.approve_again(draft_id)
    if sent_again:
        office.sandbox.command("gmail/ui-edit-draft", draft_id=lying, text="Theirs", rotate_id=False)
        await office.work()
        assert await office.state(draft_id) == "held"
        await office.send_again(draft_id)
    office.sandbox.fault(FaultKind.ACT_THEN_STATUS, method="PUT", path="/drafts/", status=500)

    await office.work()

    assert office.sandbox.faults()[0]["caught"] == 1
    assert (await office.state(draft_id), len(office.copies(address))) == ("sent", 1)


async def test_a_draft_thrown_away_by_hand_is_noticed_and_comes_back_only_when_sent_again(office: Office):
    address = new_address()
    draft_id, lying = await in_mailbox(office, address)
    await office.read_mailbox_again(draft_id)
    await office.approve_again(draft_id)
    office.sandbox.command("gmail/ui-delete-draft", draft_id=lying)

    await office.work()
    assert (await office.state(draft_id), office.copies(address)) == ("held", [])
    assert "threw it away" in ((await office.send(draft_id)).reason or "")

    await office.send_again(draft_id)
    await office.work()
    assert (await office.state(draft_id), len(office.copies(address))) == ("sent", 1)


async def test_the_watch_says_once_that_a_draft_was_thrown_away(office: Office):
    draft_id, lying = await in_mailbox(office, new_address())
    office.sandbox.command("gmail/ui-delete-draft", draft_id=lying)

    await office.run(JobKind.WATCH_MAILBOX)
    await office.run(JobKind.WATCH_MAILBOX)

    row = await office.row(draft_id)
    assert row.state == "held"
    assert "threw it away" in (row.mailbox_note or "")
    assert len(await office.audit("draft.gone_from_mailbox")) == 1
