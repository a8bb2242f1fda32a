"""Whoever unsubscribes by the link in a mail of ours gets no other one, though it was approved and on its way."""

import email
from base64 import urlsafe_b64decode
from email.policy import default
from urllib.parse import urlsplit

import httpx2
import pytest

from sales_agent.main import create_app
from sales_agent.sandbox.faults import FaultKind
from tests.factories.api import calling
from tests.integration.sending.office import Office, new_address

# What a mail program sends for one click (RFC 8058).
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def way_out(office: Office, message_id: str) -> str:
    """The link in the header of a mail, as it lies in the mailbox."""
    path = f"/gmail/v1/users/me/messages/{message_id}?format=raw"
    async with httpx2.AsyncClient(base_url=office.sandbox.url) as google:
        answer = await google.get(path, headers={"Authorization": "Bearer sandbox-own"})
    mail = email.message_from_bytes(urlsafe_b64decode(answer.json()["raw"]), policy=default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return str(mail["List-Unsubscribe"]).strip("<> ")


@pytest.mark.parametrize("moment", ["before the claim", "between the claim and the call"])
async def test_nothing_is_sent_to_whoever_unsubscribes_after_the_approval(office: Office, moment: str):
    address = new_address()
    first = await office.approved(address)
    await office.work()
    [earlier] = office.copies(address)
    link = await way_out(office, earlier["id"])
    contact_id = (await office.row(first)).contact_id
    second = await office.draft(address.replace("lead.", "Lead."), contact_id=contact_id)
    await office.read_mailbox_again(second)  # our own mail before is news to an approval
    await office.approve(second)
    if moment == "between the claim and the call":
        office.sandbox.fault(FaultKind.STATUS, path="drafts/send", status=429, times=1, headers={"Retry-After": "0"})
        await office.work_once()

    async with calling(create_app(office.workers[0][0].container.settings)) as client:
        page = await client.post(urlsplit(link).path, data=ONE_CLICK)
    await office.work()

    send = await office.send(second)
    assert page.status_code == 200
    assert (await office.state(second), [mail["id"] for mail in office.sandbox.state("sent")]) == (
        "held",
        [earlier["id"]],
    )
    assert "suppression list" in (send.reason or "")
    assert send.counted_at is None
