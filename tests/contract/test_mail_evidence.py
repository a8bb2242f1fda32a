"""The mail ports after a draft was made: other words in it, what a person did to it, and what was really sent."""

import datetime as dt
from dataclasses import replace

import pytest

from sales_agent.connectors.errors import Missing, Transient
from sales_agent.connectors.mail.gmail.mime import MailUnsendable
from sales_agent.connectors.mail.reader import SentMail, StoredMailDraft
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import ANNA, TO_ANNA, Mailbox, MakePermit

SECOND = replace(TO_ANNA, subject="Your question about prices", body="Hello again,\n")


async def test_an_updated_draft_keeps_its_id_and_says_the_new_words_under_the_new_marker(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    ours = permit("mail.update_draft")
    updated = await mailbox.drafter.update_draft(draft.draft_id, SECOND, ours)
    assert (updated.draft_id, updated.thread_id, updated.marker) == (draft.draft_id, draft.thread_id, ours.marker)
    assert updated.message_id != draft.message_id
    assert await mailbox.reader.draft(draft.draft_id) == updated
    assert await mailbox.reader.find_draft(ours.marker, to=ANNA) == updated
    assert await mailbox.reader.find_draft(draft.marker, to=ANNA) is None
    sent = await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    (mail,) = sandbox.state("sent")
    assert (mail["subject"], mail["text"].strip()) == (SECOND.subject, SECOND.body.strip())
    assert await mailbox.reader.find_sent([ours.marker], to=ANNA, thread_id=sent.thread_id) == sent
    assert await mailbox.reader.find_sent([draft.marker], to=ANNA, thread_id=sent.thread_id) is None


async def test_an_update_whose_answer_is_lost_was_one_request_and_is_seen_by_its_marker(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    ours = permit("mail.update_draft")
    sandbox.fault("act_then_drop", method="PUT", path="/drafts/", times=0)
    with pytest.raises(Transient) as caught:
        await mailbox.drafter.update_draft(draft.draft_id, SECOND, ours)
    assert caught.value.may_have_acted
    assert [entry["method"] for entry in sandbox.journal(path="/drafts/")] == ["PUT"]
    assert (await mailbox.reader.draft(draft.draft_id)).marker == ours.marker


@pytest.mark.parametrize("command", ["gmail/ui-send-draft", "gmail/ui-delete-draft", "gmail/ui-edit-draft"])
async def test_a_draft_that_a_person_took_in_hand_is_missing(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient, command: str
) -> None:
    sandbox.command(command, draft_id=draft.draft_id)
    before = len(sandbox.state("sent"))
    with pytest.raises(Missing):
        await mailbox.reader.draft(draft.draft_id)
    with pytest.raises(Missing):
        await mailbox.drafter.update_draft(draft.draft_id, SECOND, permit("mail.update_draft"))
    with pytest.raises(Missing):
        await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    assert len(sandbox.state("sent")) == before


async def test_a_draft_that_a_person_edited_under_its_id_has_another_message_and_no_marker(
    mailbox: Mailbox, draft: StoredMailDraft, sandbox: SandboxClient
) -> None:
    sandbox.command("gmail/ui-edit-draft", draft_id=draft.draft_id, text="By hand", rotate_id=False)
    found = await mailbox.reader.draft(draft.draft_id)
    assert (found.draft_id, found.marker) == (draft.draft_id, "")
    assert found.message_id != draft.message_id


async def test_what_a_person_sent_by_hand_is_found_by_its_marker_or_by_its_address(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    began = dt.datetime.fromisoformat(sandbox.health()["now"])
    by_hand = sandbox.command("gmail/ui-send-draft", draft_id=draft.draft_id)
    kept = SentMail(by_hand["id"], by_hand["threadId"])
    assert await mailbox.reader.find_sent([draft.marker], to=ANNA, thread_id=None) == kept
    sandbox.shift_clock(60)
    other = await mailbox.drafter.create_draft(SECOND, permit("mail.create_draft"))
    edited = sandbox.command("gmail/ui-edit-draft", draft_id=other.draft_id, text="By hand")
    sandbox.command("gmail/ui-send-draft", draft_id=edited["id"])
    assert await mailbox.reader.find_sent([other.marker], to=ANNA, thread_id=other.thread_id) is None
    newest, older = await mailbox.reader.sent_to(ANNA.upper(), after=began)
    assert (newest.subject, newest.thread_id, newest.text) == (SECOND.subject, other.thread_id, "By hand")
    assert (older.id, older.subject) == (by_hand["id"], TO_ANNA.subject)
    assert [mail.id for mail in await mailbox.reader.sent_to(ANNA, after=began, limit=1)] == [newest.id]
    assert list(await mailbox.reader.sent_to(ANNA, after=newest.sent_at + dt.timedelta(seconds=1))) == []


async def test_a_mail_from_outside_that_wears_a_marker_was_not_sent(
    mailbox: Mailbox, draft: StoredMailDraft, sandbox: SandboxClient
) -> None:
    forged = sandbox.deliver(sender=ANNA, subject="Hi", text="x", headers={"X-Sales-Agent-Effect": draft.marker})
    assert await mailbox.reader.find_sent([draft.marker], to=ANNA, thread_id=forged["threadId"]) is None


@pytest.mark.parametrize("fault", ["wrong_schema", "status"])
@pytest.mark.parametrize("path", ["/threads/", "/messages$", "/messages/"])
async def test_a_look_for_a_sent_mail_that_fails_is_not_an_absence(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient, path: str, fault: str
) -> None:
    await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    sandbox.fault(fault, method="GET", path=path, times=0)
    in_thread = draft.thread_id if path == "/threads/" else None
    with pytest.raises(Transient):
        await mailbox.reader.find_sent([draft.marker], to=ANNA, thread_id=in_thread)


async def test_a_sent_mail_that_was_thrown_away_was_sent_all_the_same(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit
) -> None:
    sent = await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    body = {"addLabelIds": ["TRASH"]}
    await mailbox.account.write(
        "/gmail/v1/users/me/messages/{id}/modify", {"id": sent.message_id}, json=body, permit=permit("x")
    )
    assert await mailbox.reader.find_sent([draft.marker], to=ANNA, thread_id=None) == sent


async def test_a_message_that_is_gone_has_no_message_id(mailbox: Mailbox) -> None:
    with pytest.raises(Missing):
        await mailbox.reader.message_id_header("19a0ffffffffffff")


async def test_an_unsubscribe_link_becomes_the_two_headers_of_one_click(mailbox: Mailbox, permit: MakePermit) -> None:
    url = "https://mail.brightpath.example/unsubscribe/3f-_~x?t=1"
    made = await mailbox.drafter.create_draft(replace(TO_ANNA, list_unsubscribe=url), permit("mail.create_draft"))
    sent = await mailbox.sender.send_draft(made.draft_id, permit("mail.send_draft"))
    query = [("format", "metadata")]
    message = await mailbox.account.read("/gmail/v1/users/me/messages/{id}", {"id": sent.message_id}, query=query)
    headers = {header["name"]: header["value"] for header in message["payload"]["headers"]}
    assert headers["List-Unsubscribe"] == f"<{url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_mail_that_cannot_be_sent_updates_nothing(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    sandbox.clear_journal()
    with pytest.raises(MailUnsendable):
        await mailbox.drafter.update_draft(
            draft.draft_id, replace(TO_ANNA, list_unsubscribe="javascript:x"), permit("mail.update_draft")
        )
    assert sandbox.journal() == []
