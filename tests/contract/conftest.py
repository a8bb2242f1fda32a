"""Accounts that speak to the sandbox, and what every port is handed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from sales_agent.connectors.account import Account
from sales_agent.connectors.call import CallRecord
from sales_agent.connectors.google import GMAIL
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail.drafter import GmailDrafter
from sales_agent.connectors.mail.gmail.reader import GmailReader
from sales_agent.connectors.mail.gmail.sender import GmailSender
from sales_agent.connectors.mail.reader import StoredMailDraft
from sales_agent.connectors.oauth import StaticToken, TokenSource
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.vendor import Vendor
from sales_agent.kit.ids import new_id
from sales_agent.sandbox.client import SandboxClient

MakeAccount = Callable[..., Account]
MakePermit = Callable[[str], Permit]

ANNA, SELLER = "anna.becker@nordwind-logistik.example", "mara@brightpath.example"
TO_ANNA = OutgoingMail(ANNA, "Anna Becker", SELLER, "Mara Lindqvist", "Your question", "Hello Anna,\n")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """All three mail ports of one mailbox."""

    account: Account
    reader: GmailReader
    drafter: GmailDrafter
    sender: GmailSender


@pytest.fixture
def call_records() -> list[CallRecord]:
    """What the transport told about each attempt."""
    return []


@pytest.fixture
async def transport(call_records: list[CallRecord]) -> AsyncIterator[Transport]:
    """Waits next to nothing between quick retries, and gives up after two seconds."""
    transport = Transport(timeout_seconds=2.0, retry_waits=(0.01, 0.01, 0.01), on_call=call_records.append)
    yield transport
    await transport.close()


@pytest.fixture
async def patient_transport() -> AsyncIterator[Transport]:
    """Has the time to obey a Retry-After of seconds."""
    transport = Transport(timeout_seconds=20.0, retry_waits=(0.01, 0.01, 0.01))
    yield transport
    await transport.close()


@pytest.fixture
def account(sandbox: SandboxClient, transport: Transport) -> MakeAccount:
    """`account(VENDOR)`, perhaps with other `tokens`, another `through` (transport) or another `url`."""

    def make(
        vendor: Vendor, *, tokens: TokenSource | None = None, through: Transport | None = None, url: str = ""
    ) -> Account:
        base_url = url or f"{sandbox.url}{'/v1' if vendor.name == 'openai' else ''}"
        return Account(through or transport, vendor, base_url, tokens or StaticToken("sandbox-token"))

    return make


@pytest.fixture
def permit() -> MakePermit:
    """A permit of a kind, as the effects ledger would mint it."""
    return lambda kind: Permit(new_id(), kind)


@pytest.fixture
async def mailbox(account: MakeAccount) -> AsyncIterator[Mailbox]:
    """The seller's; its sender waits half a second for an answer."""
    transport = Transport(timeout_seconds=0.5, retry_waits=(0.01, 0.01, 0.01))
    gmail = account(GMAIL)
    sender = GmailSender(account(GMAIL, through=transport))
    yield Mailbox(gmail, GmailReader(gmail), GmailDrafter(gmail), sender)
    await transport.close()


@pytest.fixture
async def draft(mailbox: Mailbox, permit: MakePermit) -> StoredMailDraft:
    """TO_ANNA, lying in the mailbox."""
    return await mailbox.drafter.create_draft(TO_ANNA, permit("mail.create_draft"))
