"""Stopping takes a right and no ceremony; resuming always takes a password and a reason; both outlive every process."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import httpx2
import psycopg
import pytest
import sqlalchemy as sa

from sales_agent.access.auth.password import hash_password
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.sessions import SESSION_COOKIE, open_session
from sales_agent.controls.hold_reasons import STOPPED, hold_reason
from sales_agent.controls.models import InstallationEvent
from sales_agent.controls.settings import Switches
from sales_agent.controls.workers import Heartbeat
from sales_agent.kit.db import Database, make_engine
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.drafting.models import Draft
from tests.conftest import DatabaseUrls
from tests.factories.access import make_user
from tests.factories.api import headers_for, serving
from tests.factories.effects import make_effect
from tests.factories.pipeline import make_draft
from tests.factories.records import make_contact
from tests.factories.store import store
from tests.integration.api.conftest import Callers

PASSWORD = "a-password-nobody-guesses"
STOP, RESUME, STATUS = (f"/api/admin/emergency-{what}" for what in ("stop", "resume", "status"))
BARE = {"admin_password": PASSWORD, "reason": "wrong price list"}


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """An installation without a Redis, which a stop must do without."""
    dead = "redis://127.0.0.1:1/0"
    async with serving(database_urls.app, data_dir, admin_password=PASSWORD, redis_url=dead) as client:
        yield client


@pytest.fixture
async def admin(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.ADMIN)


async def is_stopped(database: Database, tenant_id: UUID) -> bool:
    async with database.transaction(tenant_id) as session:
        return await hold_reason(session, tenant_id, Switches(), None) == STOPPED


async def states(database: Database, tenant_id: UUID) -> Sequence[str]:
    async with database.transaction(tenant_id) as session:
        return (await session.scalars(sa.select(Draft.state).order_by(Draft.state))).all()


async def events(database: Database) -> Sequence[tuple[str, str]]:
    async with database.transaction() as session:
        rows = await session.scalars(sa.select(InstallationEvent).order_by(InstallationEvent.at))
        return [(row.action, row.actor) for row in rows]


async def actions(database: Database, tenant_id: UUID) -> Sequence[str]:
    async with database.transaction(tenant_id) as session:
        return (await session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.at))).all()


async def queue_two(database: Database, tenant_id: UUID) -> None:
    contact = make_contact(tenant_id)
    drafts = [make_draft(tenant_id, contact.id, state=state) for state in ("queued", "queued", "needs_review")]
    await store(database, contact, *drafts)


async def test_the_password_alone_stops_every_tenant_and_cancels_what_is_queued(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    for tenant in (tenant_id, other_tenant_id):
        await queue_two(database, tenant)

    answer = await client.post(STOP, json=BARE)

    told = answer.json()
    assert (answer.status_code, told["status"], told["scope"]) == (200, "emergency_stop_active", "installation")
    assert told["auto_approve_disabled"] is True
    assert (told["in_flight_when_stopped"], told["in_flight"], told["cancelled"]) == (0, 0, 4)
    for tenant in (tenant_id, other_tenant_id):
        assert await is_stopped(database, tenant)
        assert await states(database, tenant) == ["cancelled", "cancelled", "needs_review"]
        assert await actions(database, tenant) == ["draft.cancelled", "draft.cancelled", "kill_switch.stopped"]
    assert await events(database) == [("kill_switch.stopped", "admin_password")]


async def test_a_caller_who_operates_stops_its_own_tenant_without_a_password(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    for tenant in (tenant_id, other_tenant_id):
        await queue_two(database, tenant)
    answer = await client.post(STOP, headers=callers.operate, json={"reason": "odd mails"})
    assert (answer.json()["scope"], answer.json()["cancelled"]) == ("tenant", 2)
    assert await is_stopped(database, tenant_id)
    assert not await is_stopped(database, other_tenant_id)
    assert await states(database, other_tenant_id) == ["needs_review", "queued", "queued"]


async def test_the_header_is_as_good_as_the_body(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    assert (await client.post(STOP, headers={"X-Admin-Token": PASSWORD})).status_code == 200
    assert await is_stopped(database, tenant_id)


@pytest.mark.parametrize("wrong", [PASSWORD + " ", PASSWORD.upper(), "päss", "x"])
async def test_a_wrong_password_stops_nobody_and_is_written_down(
    wrong: str, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    answer = await client.post(STOP, json={"admin_password": wrong, "reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "admin_password_wrong")
    assert not await is_stopped(database, tenant_id)
    assert await events(database) == [("kill_switch.stop_refused", "unknown")]


async def test_a_caller_who_only_reads_stops_nobody_unless_the_password_comes_with_the_call(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    assert (await client.post(STOP, headers=callers.read)).json()["code"] == "scope_missing"
    assert not await is_stopped(database, tenant_id)
    assert (await client.post(STOP, headers=callers.read, json=BARE)).json()["scope"] == "installation"


async def test_the_right_password_stops_even_where_wrong_ones_are_no_longer_heard(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    answers = [await client.post(STOP, json={"admin_password": f"guess {n}"}) for n in range(12)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 2
    flood = [client.post(STOP, json={"admin_password": f"guess {n}"}) for n in range(40)]
    *refused, answer = await asyncio.gather(*flood, client.post(STOP, json=BARE))
    assert answer.status_code == 200
    assert {other.status_code for other in refused} == {429}
    assert await is_stopped(database, tenant_id)


async def test_a_resume_is_no_longer_heard_after_ten_wrong_passwords_in_a_minute(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await client.post(STOP, json=BARE)
    wrong = {"admin_password": "guess", "reason": "x"}
    answers = [(await client.post(RESUME, json=wrong)).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]
    assert (await client.post(RESUME, json=BARE)).status_code == 429
    assert await is_stopped(database, tenant_id)


async def test_a_resume_takes_the_password_and_a_reason_from_everybody(
    client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str], database: Database, tenant_id: UUID
):
    await client.post(STOP, headers=callers.operate, json={"reason": "odd mails"})
    refusals = [
        (callers.operate, {"admin_password": PASSWORD, "reason": "all clear"}, 403, "scope_missing"),
        (admin, {"reason": "all clear"}, 403, "admin_password_missing"),
        (admin, {"admin_password": "guess", "reason": "all clear"}, 403, "admin_password_wrong"),
        (admin, {"admin_password": PASSWORD, "reason": " "}, 400, "reason_missing"),
        ({}, {"reason": "all clear"}, 401, "api_key_missing"),
    ]
    for headers, body, status, code in refusals:
        answer = await client.post(RESUME, headers=headers, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await is_stopped(database, tenant_id)
    answer = await client.post(f"{RESUME}?admin_password={PASSWORD}", headers=admin, json={"reason": "all clear"})
    assert answer.status_code == 403

    answer = await client.post(RESUME, headers=admin, json={"admin_password": PASSWORD, "reason": "all clear"})

    assert answer.json() == {
        "status": "resumed",
        "message": "Outward writes may be made again. What was cancelled stays cancelled.",
        "auto_approve_enabled": False,
        "kill_switch_active": False,
        "scope": "none",
    }
    assert not await is_stopped(database, tenant_id)


async def signed_in(database: Database, tenant_id: UUID, role: str, password: str) -> str:
    """The token of a person's session."""
    user = make_user(tenant_id, role=role, password_hash=await hash_password(password))
    await store(database, user)
    async with database.transaction(tenant_id) as session:
        return (await open_session(session, tenant_id, user.id, dt.timedelta(hours=1))).token


async def test_a_signed_in_admin_resumes_with_the_password_of_the_account(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    token = await signed_in(database, tenant_id, "admin", "correct horse battery")
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.post(STOP, headers=headers, json={"reason": "odd mails"})).json()["scope"] == "tenant"
    wrong = {"admin_password": "correct horse", "reason": "all clear"}
    assert (await client.post(RESUME, headers=headers, json=wrong)).status_code == 403
    right = {"admin_password": "correct horse battery", "reason": "all clear"}
    assert (await client.post(RESUME, headers=headers, json=right)).json()["status"] == "resumed"
    assert (await client.post(STOP, json=right)).status_code == 403
    assert not await is_stopped(database, tenant_id)


async def test_a_broken_session_does_not_stand_in_the_way_of_the_password(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    token = await signed_in(database, tenant_id, "admin", "correct horse battery")
    without_csrf = {"Cookie": f"{SESSION_COOKIE}={token}"}
    assert (await client.post(STOP, headers=without_csrf)).status_code == 403
    for headers in (without_csrf, {"Authorization": "Bearer sa_revoked"}):
        assert (await client.post(STOP, headers=headers, json=BARE)).json()["scope"] == "installation"
    assert await is_stopped(database, tenant_id)


async def test_a_tenant_s_resume_does_not_lift_the_stop_of_everybody_and_says_so(
    client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str], database: Database, tenant_id: UUID
):
    await client.post(STOP, headers=callers.operate)
    await client.post(STOP, json=BARE)
    answer = await client.post(RESUME, headers=admin, json={"admin_password": PASSWORD, "reason": "all clear"})
    assert (answer.json()["status"], answer.json()["scope"]) == ("still_stopped", "installation")
    assert await is_stopped(database, tenant_id)
    told = (await client.get(STATUS, headers=callers.read)).json()
    assert (told["kill_switch_active"], told["is_tenant_stopped"]) == (True, False)
    assert (await client.post(RESUME, json=BARE)).json()["status"] == "resumed"
    assert not await is_stopped(database, tenant_id)


async def test_lifting_the_stop_of_everybody_leaves_a_tenant_s_own_and_restarts_nothing(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    await queue_two(database, tenant_id)
    await client.post(STOP, headers=callers.operate)
    await client.post(STOP, json=BARE)
    await client.post(RESUME, json=BARE)
    assert await is_stopped(database, tenant_id)
    assert not await is_stopped(database, other_tenant_id)
    assert await states(database, tenant_id) == ["cancelled", "cancelled", "needs_review"]
    assert await events(database) == [
        ("kill_switch.stopped", "admin_password"),
        ("kill_switch.resumed", "admin_password"),
    ]


async def test_the_status_tells_each_caller_how_it_stands(
    client: httpx2.AsyncClient, callers: Callers, database: Database
):
    quiet = (await client.get(STATUS, headers=callers.read)).json()
    assert (quiet["kill_switch_active"], quiet["scope"], quiet["since"]) == (False, "none", None)
    await client.post(STOP, headers=callers.operate, json={"reason": "odd mails"})
    stopped = (await client.get(STATUS, headers=callers.read)).json()
    assert (stopped["scope"], stopped["by"], stopped["reason"]) == ("tenant", "api_key:mara", "odd mails")
    assert (await client.get(STATUS, headers=callers.stranger)).json()["kill_switch_active"] is False
    everybody = (await client.get(STATUS, headers={"X-Admin-Token": PASSWORD})).json()
    assert (everybody["kill_switch_active"], everybody["scope"]) == (False, "none")
    assert (await client.get(STATUS)).status_code == 401
    assert (await client.get(STATUS, headers={"X-Admin-Token": "guess"})).status_code == 403


async def test_the_switches_are_told_as_they_count_off_while_stopped(
    database_urls: DatabaseUrls, data_dir: Path, callers: Callers
):
    switches = {"draft_only": "false", "allow_real_sends": "true", "auto_approve_enabled": "true"}
    async with serving(database_urls.app, data_dir, admin_password=PASSWORD, **switches) as client:
        told = (await client.get(STATUS, headers=callers.read)).json()
        assert (told["allow_real_sends"], told["auto_approve_enabled"], told["draft_only"]) == (True, True, False)
        await client.post(STOP, json=BARE)
        told = (await client.get(STATUS, headers=callers.read)).json()
        assert (told["allow_real_sends"], told["auto_approve_enabled"], told["draft_only"]) == (False, False, True)
        assert (await client.post(RESUME, json=BARE)).json()["auto_approve_enabled"] is True


async def test_a_stop_outlives_every_process(
    client: httpx2.AsyncClient, database_urls: DatabaseUrls, data_dir: Path, callers: Callers, tenant_id: UUID
):
    await client.post(STOP, json=BARE)
    fresh = Database(make_engine(database_urls.app, pool_size=2))
    assert await is_stopped(fresh, tenant_id)
    worker = Heartbeat(fresh, "worker", "0.1.0")
    await worker.beat()
    async with serving(database_urls.app, data_dir, admin_password=PASSWORD) as restarted:
        told = (await restarted.get(STATUS, headers=callers.read)).json()
    assert (told["kill_switch_active"], told["workers"], told["confirmed"]) == (True, 1, 1)
    await fresh.dispose()


async def test_workers_confirm_a_stop_as_soon_as_they_hear_of_it(client: httpx2.AsyncClient, database: Database):
    listening, deaf = Heartbeat(database, "worker", "0.1.0"), Heartbeat(database, "worker", "0.1.0")
    for worker in (listening, deaf):
        await worker.beat()
    answering = asyncio.create_task(listening.answer_stops())
    await asyncio.sleep(0.5)
    told = (await client.post(STOP, json=BARE)).json()
    assert (told["workers"], told["confirmed"]) == (2, 1)
    await deaf.beat()
    told = (await client.get(STATUS, headers={"X-Admin-Token": PASSWORD})).json()
    assert (told["workers"], told["confirmed"]) == (2, 2)
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)


async def test_a_call_whose_end_is_unknown_is_told_as_in_flight(
    client: httpx2.AsyncClient, callers: Callers, database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    await store(database, make_effect(tenant_id))
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("update effect set permitted_at = now() - interval '1 minute'")
    told = (await client.post(STOP, headers=callers.operate)).json()
    assert (told["in_flight_when_stopped"], told["in_flight"]) == (1, 1)
    assert "1 had begun before" in told["message"]


async def test_without_a_password_in_the_settings_one_is_made_that_only_its_owner_may_read(
    database_urls: DatabaseUrls, data_dir: Path, database: Database, tenant_id: UUID
):
    async with serving(database_urls.app, data_dir) as client:
        file = data_dir / "secrets" / "admin_password"
        assert file.stat().st_mode & 0o777 == 0o600
        assert (await client.post(STOP, json={"admin_password": ""})).status_code == 401
        assert (await client.post(STOP, json={"admin_password": file.read_text()})).status_code == 200
    assert await is_stopped(database, tenant_id)
