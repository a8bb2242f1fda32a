"""Whatever the mailbox's answer to a send is, exactly one copy leaves.

The sandbox acts first and fails after, or fails before; it consumes the draft as Gmail does, takes no idempotency key,
and rewrites the Message-ID or keeps it. Copies are counted in its mailbox.
"""

from uuid import UUID

import pytest

from sales_agent.pipeline.sending.answers import NobodyWasAsked, answer
from sales_agent.sandbox.faults import FaultKind
from tests.integration.sending.office import OPERATOR, Office, new_address

SEND = "drafts/send"

# What happens to the first request that would send a draft; None: nothing.
FAULTS: dict[str, dict[str, object] | None] = {
    "clean": None,
    "no answer after accepting": {"kind": FaultKind.ACT_THEN_HOLD},
    "500 after accepting": {"kind": FaultKind.ACT_THEN_STATUS, "status": 500},
    "503 before": {"kind": FaultKind.STATUS, "status": 503},
    "reset after the body": {"kind": FaultKind.ACT_THEN_DROP},
    "reset before": {"kind": FaultKind.DROP_BEFORE},
    "half an answer after accepting": {"kind": FaultKind.TRUNCATED},
    "429": {"kind": FaultKind.STATUS, "status": 429, "headers": {"Retry-After": "0"}},
}


@pytest.mark.parametrize("message_id", ["kept", "rewritten"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_one_copy_leaves(office: Office, fault: str, message_id: str):
    office.sandbox.command("settings", keeps_message_id=message_id == "kept")
    order = FAULTS[fault]
    if order is not None:
        office.sandbox.fault(**{"path": SEND, "times": 1, **order})
    address = new_address()

    draft_id = await office.approved(address)
    await office.work()

    send, copies = await office.send(draft_id), office.copies(address)
    assert (len(copies), send.status, await office.state(draft_id)) == (1, "sent", "sent")
    assert (send.message_id, send.message_id_header) == (copies[0]["id"], copies[0]["message_id"])


@pytest.mark.parametrize("fault", ["500 after accepting", "503 before"])
async def test_a_mailbox_that_cannot_be_asked_leaves_it_unknown_until_it_can(office: Office, fault: str):
    """A failed look-up proves nothing: nothing is sent again, and nothing is called sent, before there is evidence."""
    office.sandbox.fault(**{"path": SEND, "times": 1, **(FAULTS[fault] or {})})
    lookup = office.sandbox.fault(FaultKind.STATUS, method="GET", path="gmail/v1/users/me/drafts/r", nth=3, times=0)
    address = new_address()
    draft_id = await office.approved(address)

    for _ in range(3):
        await office.work_once()

    assert await office.state(draft_id) == "unknown"
    requests = office.sandbox.journal(path=SEND)
    assert len(requests) == 1
    office.sandbox.withdraw_faults(lookup)
    await office.work()
    assert len(office.copies(address)) == 1
    assert await office.state(draft_id) == "sent"


async def test_a_person_is_asked_when_the_draft_is_gone_and_no_mail_is_found(office: Office):
    """Sent or thrown away: the mailbox shows neither the draft nor a mail, so only a person can tell."""
    address = new_address()
    office.sandbox.fault(FaultKind.STATUS, path=SEND, status=503, times=1)
    draft_id = await office.approved(address)
    await office.work_once()
    office.sandbox.command("gmail/ui-delete-draft", draft_id=(await office.row(draft_id)).mail_draft_id)

    await office.work(within=60)

    row, send = await office.row(draft_id), await office.send(draft_id)
    assert (row.state, send.status, send.asks_person) == ("unknown", "unknown", True)
    assert "did it arrive" in (row.state_reason or "")
    assert send.counted_at is not None, "what may have gone out takes its place in the quotas"
    assert office.copies(address) == []


async def asked(office: Office, address: str) -> UUID:
    """A draft of which nobody but a person can tell what became of it."""
    office.sandbox.fault(FaultKind.STATUS, path=SEND, status=503, times=1)
    draft_id = await office.approved(address)
    await office.work_once()
    office.sandbox.command("gmail/ui-delete-draft", draft_id=(await office.row(draft_id)).mail_draft_id)
    await office.work(within=60)
    return draft_id


async def test_a_person_answers_once_and_a_mail_that_did_not_arrive_may_be_sent_anew(office: Office):
    address = new_address()
    draft_id = await asked(office, address)

    async with office.database.transaction(office.tenant_id) as session:
        await answer(session, office.tenant_id, draft_id, arrived=False, actor=OPERATOR)

    assert await office.state(draft_id) == "send_failed"
    with pytest.raises(NobodyWasAsked):
        async with office.database.transaction(office.tenant_id) as session:
            await answer(session, office.tenant_id, draft_id, arrived=True, actor=OPERATOR)
    await office.approve_again(draft_id)
    await office.work()
    assert await office.state(draft_id) == "held", "the draft that we left in the mailbox is gone: that is said first"
    await office.send_again(draft_id)
    await office.work()
    assert (await office.state(draft_id), len(office.copies(address))) == ("sent", 1)


async def test_a_mail_that_a_person_says_arrived_is_sent_and_stays_so(office: Office):
    draft_id = await asked(office, new_address())

    async with office.database.transaction(office.tenant_id) as session:
        await answer(session, office.tenant_id, draft_id, arrived=True, actor=OPERATOR)

    send = await office.send(draft_id)
    assert (await office.state(draft_id), send.status, send.message_id) == ("sent", "sent", None)
    assert [event.actor for event in await office.audit("send.answered")] == [OPERATOR]
