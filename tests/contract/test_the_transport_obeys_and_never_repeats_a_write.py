"""A read is repeated as the provider allows; a write is made once, and its error says whether it may have happened."""

import datetime as dt
import itertools
import socket
import time
from email.utils import format_datetime

import pytest
import structlog

from sales_agent.connectors.call import CallRecord, ProviderCall
from sales_agent.connectors.crm.hubspot.paths import objects_path, owner_path
from sales_agent.connectors.crm.hubspot.vendor import HUBSPOT
from sales_agent.connectors.errors import (
    AlreadyExists,
    AuthExpired,
    Missing,
    Permanent,
    ProviderError,
    RateLimited,
    Transient,
)
from sales_agent.connectors.google import DRIVE, GMAIL
from sales_agent.connectors.mail.gmail import paths as gmail
from sales_agent.connectors.oauth import StaticToken
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.transport import Transport
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.ids import new_id
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

OWNER = {"id": "7001"}
PERMIT = Permit(new_id(), "any")
CONTACT = {"properties": {"email": "new@person.example"}, "associations": []}


def gaps(sandbox: SandboxClient) -> list[float]:
    """Seconds between the requests, in order."""
    times = [dt.datetime.fromisoformat(entry["time"]) for entry in sandbox.journal()]
    return [(after - before).total_seconds() for before, after in itertools.pairwise(times)]


async def error_of_read(account: MakeAccount) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await account(HUBSPOT).read(owner_path(), OWNER)
    return caught.value


async def error_of_write(account: MakeAccount) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await account(HUBSPOT).write(objects_path("/contacts"), json=CONTACT, permit=PERMIT)
    return caught.value


@pytest.mark.parametrize("kind", ["drop_before", "act_then_drop", "malformed", "truncated", "empty", "html"])
async def test_a_read_survives_three_faults_and_is_answered(
    sandbox: SandboxClient, account: MakeAccount, kind: str
) -> None:
    sandbox.fault(kind, times=3)
    answer = await account(HUBSPOT).read(owner_path(), OWNER)
    assert answer["email"] == "mara@brightpath.example"
    assert len(sandbox.journal()) == 4


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_read_that_keeps_failing_is_given_up_after_three_repetitions(
    sandbox: SandboxClient, account: MakeAccount, status: int
) -> None:
    sandbox.fault("status", status=status, times=0)
    error = await error_of_read(account)
    assert isinstance(error, Transient)
    assert (error.http_status, error.may_have_acted) == (status, False)
    assert len(sandbox.journal()) == 4


@pytest.mark.parametrize(
    ("kind", "happened"), [("act_then_drop", 1), ("truncated", 1), ("html", 1), ("act_then_status", 1), ("status", 0)]
)
async def test_a_write_whose_answer_is_lost_is_made_once_and_may_have_happened(
    sandbox: SandboxClient, account: MakeAccount, kind: str, happened: int
) -> None:
    sandbox.fault(kind, method="POST", times=0)
    error = await error_of_write(account)
    assert isinstance(error, Transient)
    assert error.may_have_acted
    assert len(sandbox.journal()) == 1
    assert [c["properties"]["email"] for c in sandbox.state("contacts")].count("new@person.example") == happened


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_write_is_not_repeated_either_when_a_kept_connection_breaks(
    sandbox: SandboxClient, account: MakeAccount, transport: Transport, method: str
) -> None:
    await account(HUBSPOT).read(owner_path(), OWNER)
    sandbox.fault("act_then_drop", method=method, times=0)
    path = objects_path("/contacts") if method == "POST" else "/crm/objects/2026-03/contacts/1"
    call = ProviderCall(HUBSPOT, method, sandbox.url, path, json=CONTACT if method == "POST" else None)
    with pytest.raises(Transient) as caught:
        await transport.call(call)
    assert caught.value.may_have_acted
    assert [entry["method"] for entry in sandbox.journal()] == ["GET", method]
    sandbox.clear_journal()


async def test_a_write_that_met_a_closed_port_cannot_have_happened(
    account: MakeAccount, sandbox: SandboxClient
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Transient) as caught:
        await account(HUBSPOT, url=url).write(objects_path("/contacts"), json=CONTACT, permit=PERMIT)
    assert not caught.value.may_have_acted


async def test_a_write_to_a_host_without_a_name_cannot_have_happened(account: MakeAccount) -> None:
    with pytest.raises(Transient) as caught:
        await account(HUBSPOT, url="http://nowhere.invalid").write(
            objects_path("/contacts"), json=CONTACT, permit=PERMIT
        )
    assert not caught.value.may_have_acted


@pytest.mark.parametrize("kind", ["hold_before", "act_then_hold", "endless", "drip"])
async def test_a_silent_provider_is_left_after_the_time_of_one_call(
    sandbox: SandboxClient, account: MakeAccount, kind: str
) -> None:
    sandbox.fault(kind, times=0)
    began = time.monotonic()
    error = await error_of_write(account)
    assert isinstance(error, Transient)
    assert error.may_have_acted
    assert time.monotonic() - began < 3.5


async def test_the_repetitions_of_a_read_share_the_time_of_one_call(
    sandbox: SandboxClient, account: MakeAccount
) -> None:
    sandbox.fault("hold_before", times=0)
    began = time.monotonic()
    assert isinstance(await error_of_read(account), Transient)
    assert time.monotonic() - began < 3.5


async def test_an_answer_larger_than_any_honest_one_is_not_read_to_its_end(
    sandbox: SandboxClient, account: MakeAccount
) -> None:
    sandbox.fault("status", status=200, body={"padding": "x" * 11_000_000})
    error = await error_of_write(account)
    assert isinstance(error, Transient)
    assert error.detail == "the answer is too large"


async def test_retry_after_in_seconds_is_obeyed(
    sandbox: SandboxClient, account: MakeAccount, patient_transport: Transport
) -> None:
    sandbox.fault("status", status=429, headers={"Retry-After": "1"}, times=2)
    await account(HUBSPOT, through=patient_transport).read(owner_path(), OWNER)
    assert all(gap >= 1.0 for gap in gaps(sandbox))
    assert len(gaps(sandbox)) == 2


async def test_retry_after_as_a_date_is_obeyed(
    sandbox: SandboxClient, account: MakeAccount, patient_transport: Transport
) -> None:
    until = (SystemClock().now() + dt.timedelta(seconds=2)).replace(microsecond=0)
    sandbox.fault("status", status=503, headers={"Retry-After": format_datetime(until, usegmt=True)})
    sandbox.fault("status", status=429, headers={"Retry-After": format_datetime(until, usegmt=True)})
    await account(HUBSPOT, through=patient_transport).read(owner_path(), OWNER)
    assert all(dt.datetime.fromisoformat(entry["time"]) >= until for entry in sandbox.journal()[2:])


async def test_a_wait_that_is_long_for_a_step_is_left_to_the_queue(
    sandbox: SandboxClient, account: MakeAccount, patient_transport: Transport
) -> None:
    sandbox.fault("status", status=429, headers={"Retry-After": "3600"}, times=0)
    with pytest.raises(RateLimited) as caught:
        await account(HUBSPOT, through=patient_transport).read(owner_path(), OWNER)
    assert caught.value.retry_after_seconds == 3600
    assert len(sandbox.journal()) == 1


@pytest.mark.parametrize(("policy", "seconds"), [("SECONDLY", 1), ("TEN_SECONDLY_ROLLING", 10), ("DAILY", 3600)])
async def test_hubspots_rate_policies_say_how_long_to_wait(
    sandbox: SandboxClient, account: MakeAccount, policy: str, seconds: float
) -> None:
    sandbox.fault("status", status=429, reason=policy, times=0)
    error = await error_of_write(account)
    assert isinstance(error, RateLimited)
    assert (error.detail, error.retry_after_seconds) == (policy, seconds)


@pytest.mark.parametrize("status", [423, 477])
async def test_a_locked_or_moving_portal_is_given_its_time(
    sandbox: SandboxClient, account: MakeAccount, patient_transport: Transport, status: int
) -> None:
    sandbox.fault("status", status=status, headers={"Retry-After": "2"})
    await account(HUBSPOT, through=patient_transport).read(owner_path(), OWNER)
    assert gaps(sandbox)[0] >= 2.0


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded"])
async def test_googles_403_that_means_too_fast_is_a_rate_limit(
    sandbox: SandboxClient, account: MakeAccount, reason: str
) -> None:
    sandbox.fault("status", status=403, reason=reason, times=0)
    with pytest.raises(RateLimited) as caught:
        await account(GMAIL).write(gmail.LABELS, json={"name": "Sales Agent"}, permit=PERMIT)
    assert caught.value.detail == reason
    assert len(sandbox.journal()) == 1


async def test_googles_403_that_means_no_scope_is_permanent(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(Permanent) as caught:
        await account(DRIVE, tokens=StaticToken("sandbox-narrow")).read("/drive/v3/files")
    assert caught.value.detail == "insufficientPermissions"


async def test_hubspots_403_names_the_missing_scope(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(Permanent) as caught:
        await account(HUBSPOT, tokens=StaticToken("sandbox-narrow")).read(owner_path(), OWNER)
    assert caught.value.detail == "missing scope crm.objects.contacts.read"
    assert len(sandbox.journal()) == 1


async def test_a_rejected_key_parks_the_account_without_a_retry(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(AuthExpired):
        await account(HUBSPOT, tokens=StaticToken("sandbox-revoked")).read(owner_path(), OWNER)
    assert len(sandbox.journal()) == 1


async def test_an_account_without_a_credential_is_never_called(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(AuthExpired):
        await account(HUBSPOT, tokens=StaticToken("")).read(owner_path(), OWNER)
    assert sandbox.journal() == []


async def test_a_404_is_missing_and_a_409_names_what_is_there(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(Missing):
        await account(HUBSPOT).read(owner_path(), {"id": "999999"})
    body = {"properties": {"email": "anna.becker@nordwind-logistik.example"}}
    with pytest.raises(AlreadyExists) as caught:
        await account(HUBSPOT).write(objects_path("/contacts"), json=body, permit=PERMIT)
    assert caught.value.existing_id == "1001"


async def test_a_redirect_is_not_followed(sandbox: SandboxClient, account: MakeAccount) -> None:
    sandbox.fault("status", status=307, headers={"Location": f"{sandbox.url}/crm/owners/2026-03/7002"}, times=0)
    assert type(await error_of_read(account)) is Permanent
    assert len(sandbox.journal()) == 1


async def test_a_path_parameter_cannot_leave_its_segment(sandbox: SandboxClient, account: MakeAccount) -> None:
    with pytest.raises(Permanent):
        await account(HUBSPOT).read(owner_path(), {"id": ".."})
    with pytest.raises(Missing):
        await account(HUBSPOT).read(owner_path(), {"id": "../../objects/2026-03/contacts/1001?x=#"})
    assert [entry["path"].count("/") for entry in sandbox.journal()] == [4]


async def test_no_cookie_of_one_tenant_travels_with_another(sandbox: SandboxClient, account: MakeAccount) -> None:
    sandbox.fault("status", status=500, headers={"Set-Cookie": "session=tenant-a; Path=/"})
    await account(HUBSPOT).read(owner_path(), OWNER)
    assert all("cookie" not in entry["headers"] for entry in sandbox.journal())


async def test_logs_and_errors_tell_the_call_and_never_the_person(sandbox: SandboxClient, account: MakeAccount) -> None:
    body = {"properties": {"email": "anna.becker@nordwind-logistik.example"}}
    query = [("idProperty", "email")]
    with structlog.testing.capture_logs() as logs:
        await account(HUBSPOT).read(objects_path("/contacts/{id}"), {"id": body["properties"]["email"]}, query=query)
        with pytest.raises(AlreadyExists) as caught:
            await account(HUBSPOT).write(objects_path("/contacts"), json=body, permit=PERMIT)
    assert [entry["event"] for entry in logs] == ["provider.called", "provider.called"]
    assert [(entry["path"], entry["status"], entry["outcome"]) for entry in logs] == [
        ("/crm/objects/2026-03/contacts/{id}", 200, "ok"),
        ("/crm/objects/2026-03/contacts", 409, "permanent"),
    ]
    told = f"{logs} {caught.value} {caught.value.context}"
    assert "nordwind" not in told
    assert "sandbox-token" not in told


async def test_every_attempt_is_told_to_the_metrics(
    sandbox: SandboxClient, account: MakeAccount, call_records: list[CallRecord]
) -> None:
    sandbox.fault("status", status=500)
    sandbox.fault("drop_before")
    await account(HUBSPOT).read(owner_path(), OWNER)
    seen = [(record.vendor, record.method, record.outcome, record.status) for record in call_records]
    assert seen == [
        ("hubspot", "GET", "transient", 500),
        ("hubspot", "GET", "transient", None),
        ("hubspot", "GET", "ok", 200),
    ]
