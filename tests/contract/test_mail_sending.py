"""Sending a draft: one permit is one request, whatever comes back, and what became of it can be found."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sales_agent.connectors.errors import AuthExpired, Missing, Permanent, RateLimited, Transient
from sales_agent.connectors.google import GMAIL
from sales_agent.connectors.mail.gmail.sender import GmailSender
from sales_agent.connectors.mail.reader import StoredMailDraft
from sales_agent.connectors.oauth import GoogleRefreshToken, StaticToken
from sales_agent.connectors.permit import PermitLapsed, WriteWithoutPermit
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import ANNA, TO_ANNA, Mailbox, MakeAccount, MakePermit

# What goes wrong, and whether the mail left all the same.
LOST = {
    "timeout after accepting": ({"kind": "act_then_hold"}, True),
    "500 after accepting": ({"kind": "act_then_status", "status": 500}, True),
    "503 after accepting": ({"kind": "act_then_status", "status": 503}, True),
    "503 before": ({"kind": "status", "status": 503}, False),
    "reset after the body": ({"kind": "act_then_drop"}, True),
    "reset before it acted": ({"kind": "drop_before"}, False),
    "silence before it acted": ({"kind": "hold_before"}, False),
    "truncated JSON": ({"kind": "truncated"}, True),
    "malformed JSON": ({"kind": "malformed"}, True),
    "an empty answer": ({"kind": "empty"}, True),
    "a page": ({"kind": "html"}, True),
    "JSON of another shape": ({"kind": "wrong_schema"}, True),
}
REFUSED: dict[str, tuple[Mapping[str, object], type[Exception]]] = {
    "429": ({"status": 429, "headers": {"Retry-After": "7"}}, RateLimited),
    "403 rateLimitExceeded": ({"status": 403, "reason": "rateLimitExceeded"}, RateLimited),
    "403 userRateLimitExceeded": ({"status": 403, "reason": "userRateLimitExceeded"}, RateLimited),
    "403": ({"status": 403, "reason": "insufficientPermissions"}, Permanent),
    "400": ({"status": 400}, Permanent),
    "404": ({"status": 404}, Missing),
    "401": ({"status": 401}, AuthExpired),
}


@pytest.fixture(params=[True, False], ids=["Message-ID kept", "Message-ID rewritten"])
def either_way(request: pytest.FixtureRequest, sandbox: SandboxClient) -> None:
    sandbox.settings(keeps_message_id=request.param)


def sends(sandbox: SandboxClient) -> int:
    return sum(entry["method"] == "POST" for entry in sandbox.journal(path="/drafts/send"))


async def lies_there(mailbox: Mailbox, draft: StoredMailDraft) -> bool:
    try:
        return await mailbox.reader.draft(draft.draft_id) == draft
    except Missing:
        return False


@pytest.mark.usefixtures("either_way")
async def test_a_send_consumes_the_draft_and_can_be_found_in_every_way(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    assert await lies_there(mailbox, draft)
    sent = await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    (mail,) = sandbox.state("sent")
    assert (sent.message_id, sent.thread_id) == (mail["id"], draft.thread_id)
    assert sends(sandbox) == 1
    assert not await lies_there(mailbox, draft)
    for thread_id in (sent.thread_id, None, "19a0ffffffffffff"):
        assert await mailbox.reader.find_sent(["sa-other", draft.marker], to=ANNA, thread_id=thread_id) == sent
    assert await mailbox.reader.find_sent([draft.marker], to="somebody@else.example", thread_id=None) == sent
    assert await mailbox.reader.find_sent([draft.marker], to='odd" address', thread_id=None) == sent
    assert await mailbox.reader.message_id_header(sent.message_id) == mail["message_id"]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("what", LOST)
async def test_a_send_whose_answer_is_lost_is_one_request_and_its_end_is_found(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient, what: str
) -> None:
    fault, left = LOST[what]
    sandbox.fault(**fault, method="POST", path="/drafts/send$", times=0)
    with pytest.raises(Transient) as caught:
        await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    assert caught.value.may_have_acted
    assert sends(sandbox) == 1
    assert len(sandbox.state("sent")) == left
    found = await mailbox.reader.find_sent([draft.marker], to=ANNA, thread_id=draft.thread_id)
    assert (found is not None, await lies_there(mailbox, draft)) == (left, not left)


@pytest.mark.parametrize("what", REFUSED)
async def test_a_send_that_is_refused_is_one_request_and_leaves_the_draft(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient, what: str
) -> None:
    answer, error = REFUSED[what]
    sandbox.fault("status", **answer, method="POST", path="/drafts/send$", times=0)
    with pytest.raises(error):
        await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    assert sends(sandbox) == 1
    assert sandbox.state("sent") == []
    assert await lies_there(mailbox, draft)


async def test_a_second_send_of_a_draft_finds_nothing_to_send(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    with pytest.raises(Missing):
        await mailbox.sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    assert len(sandbox.state("sent")) == 1


async def test_a_token_that_went_stale_is_renewed_for_the_next_permit_and_this_one_has_sent_nothing(
    account: MakeAccount, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    tokens = GoogleRefreshToken(
        token_url=f"{sandbox.url}/token", client_id="id", client_secret="shh", refresh_token="sandbox-refresh"
    )
    sender = GmailSender(account(GMAIL, tokens=tokens))
    sandbox.fault("status", status=401, method="POST", path="/drafts/send$")
    with pytest.raises(Transient) as caught:
        await sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    assert not caught.value.may_have_acted
    assert (sends(sandbox), sandbox.state("sent")) == (1, [])
    await sender.send_draft(draft.draft_id, permit("mail.send_draft"))
    assert (sends(sandbox), len(sandbox.state("sent"))) == (2, 1)


async def test_no_token_means_no_request(
    account: MakeAccount, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient
) -> None:
    with pytest.raises(AuthExpired):
        await GmailSender(account(GMAIL, tokens=StaticToken(""))).send_draft(draft.draft_id, permit("mail.send_draft"))
    assert sends(sandbox) == 0


async def test_a_send_needs_a_permit_of_its_kind_that_has_not_lapsed(
    mailbox: Mailbox, permit: MakePermit, sandbox: SandboxClient
) -> None:
    with pytest.raises(WriteWithoutPermit):
        await mailbox.sender.send_draft("r1", permit("mail.update_draft"))
    with pytest.raises(WriteWithoutPermit):
        await mailbox.drafter.update_draft("r1", TO_ANNA, permit("mail.create_draft"))
    with pytest.raises(PermitLapsed) as caught:
        await mailbox.sender.send_draft("r1", replace(permit("mail.send_draft"), good_until=0.0))
    assert not caught.value.may_have_acted
    assert sandbox.journal() == []
