"""Google's tokens: exchanged once for many calls, renewed when rejected; a revoked one told from a wrong client."""

import asyncio

import pytest

from sales_agent.connectors.errors import AuthExpired, Permanent, Transient
from sales_agent.connectors.google import GMAIL
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.oauth import GoogleRefreshToken
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.transport import Transport
from sales_agent.kit.ids import new_id
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

PERMIT = Permit(new_id(), "any")


def tokens(sandbox: SandboxClient, *, refresh: str = "sandbox-refresh") -> GoogleRefreshToken:
    return GoogleRefreshToken(
        token_url=f"{sandbox.url}/token", client_id="client", client_secret="shh", refresh_token=refresh
    )


async def test_many_calls_at_once_exchange_one_token(sandbox: SandboxClient, account: MakeAccount) -> None:
    gmail = account(GMAIL, tokens=tokens(sandbox))
    await asyncio.gather(*(gmail.read(paths.LABELS) for _ in range(10)))
    assert len(sandbox.journal(path="/token")) == 1
    assert len(sandbox.journal(path="/labels")) == 10


async def test_a_rejected_token_is_renewed_once_for_all_and_a_write_is_made_once(
    sandbox: SandboxClient, account: MakeAccount, transport: Transport
) -> None:
    source = tokens(sandbox)
    gmail = account(GMAIL, tokens=source)
    sandbox.command("tokens/revoke", token=await source.token(transport))
    await gmail.write(paths.LABELS, json={"name": "Sales Agent"}, permit=PERMIT)
    await asyncio.gather(*(gmail.read(paths.LABELS) for _ in range(5)))
    assert len(sandbox.journal(path="/token")) == 2
    made = [entry["status"] for entry in sandbox.journal(path="/labels") if entry["method"] == "POST"]
    assert made == [401, 200]


async def test_a_token_that_stays_rejected_parks_the_account(sandbox: SandboxClient, account: MakeAccount) -> None:
    sandbox.fault("status", status=401, provider="gmail", times=0)
    with pytest.raises(AuthExpired):
        await account(GMAIL, tokens=tokens(sandbox)).read(paths.LABELS)
    assert len(sandbox.journal(path="/labels")) == 2


async def test_a_revoked_refresh_token_parks_the_mailbox(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(AuthExpired) as caught:
        await account(GMAIL, tokens=tokens(sandbox, refresh="sandbox-revoked")).read(paths.LABELS)
    assert caught.value.detail == "invalid_grant"
    assert len(sandbox.journal()) == 1


async def test_a_wrong_client_revokes_nobody(sandbox: SandboxClient, account: MakeAccount) -> None:
    sandbox.fault("status", status=401, reason="invalid_client", provider="google_oauth")
    with pytest.raises(Permanent) as caught:
        await account(GMAIL, tokens=tokens(sandbox)).read(paths.LABELS)
    assert caught.value.detail == "invalid_client"


async def test_a_token_server_that_is_down_leaves_a_write_unmade(sandbox: SandboxClient, account: MakeAccount) -> None:
    sandbox.fault("act_then_drop", provider="google_oauth", times=0)
    with pytest.raises(Transient) as caught:
        await account(GMAIL, tokens=tokens(sandbox)).write(paths.LABELS, json={"name": "Sales Agent"}, permit=PERMIT)
    assert not caught.value.may_have_acted
    assert sandbox.journal(path="/labels") == []
