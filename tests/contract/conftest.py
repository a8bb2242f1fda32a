"""Accounts that speak to the sandbox, and what every port is handed."""

from collections.abc import AsyncIterator, Callable

import pytest

from sales_agent.connectors.account import Account
from sales_agent.connectors.call import CallRecord
from sales_agent.connectors.oauth import StaticToken, TokenSource
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.vendor import Vendor
from sales_agent.kit.ids import new_id
from sales_agent.sandbox.client import SandboxClient

MakeAccount = Callable[..., Account]


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
def permit() -> Callable[[str], Permit]:
    """A permit of a kind, as the effects ledger would mint it."""
    return lambda kind: Permit(new_id(), kind)
