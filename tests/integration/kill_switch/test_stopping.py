"""Stopping takes a right and no ceremony: an account for its tenant, the password for everybody."""

import asyncio
import time
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.sessions import SESSION_COOKIE
from sales_agent.console.kill_switch.stopping import LET_GO_SECONDS
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.api import serving
from tests.integration.api.conftest import Callers
from tests.integration.kill_switch.seen import (
    BARE,
    PASSWORD,
    STOP,
    actions,
    at_a_queued_draft,
    events,
    is_stopped,
    queue_two,
    signed_in,
    states,
)


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


async def test_a_stop_is_answered_though_somebody_hangs_at_a_queued_draft(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await queue_two(database, tenant_id)
    async with at_a_queued_draft(database, tenant_id):
        began = time.monotonic()
        answer = await client.post(STOP, json=BARE)
        assert time.monotonic() - began < LET_GO_SECONDS + 3
    assert (answer.status_code, answer.json()["cancelled"]) == (200, 1)
    assert await is_stopped(database, tenant_id)


async def test_a_queued_draft_that_somebody_is_at_for_a_moment_is_cancelled_too(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await queue_two(database, tenant_id)
    async with at_a_queued_draft(database, tenant_id):
        stopping = asyncio.create_task(client.post(STOP, json=BARE))
        await asyncio.sleep(LET_GO_SECONDS / 4)
    assert (await stopping).json()["cancelled"] == 2
    assert await states(database, tenant_id) == ["cancelled", "cancelled", "needs_review"]


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


async def test_a_broken_session_does_not_stand_in_the_way_of_the_password(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    token = await signed_in(database, tenant_id, "admin", "correct horse battery")
    without_csrf = {"Cookie": f"{SESSION_COOKIE}={token}"}
    assert (await client.post(STOP, headers=without_csrf)).status_code == 403
    for headers in (without_csrf, {"Authorization": "Bearer sa_revoked"}):
        assert (await client.post(STOP, headers=headers, json=BARE)).json()["scope"] == "installation"
    assert await is_stopped(database, tenant_id)


async def test_without_a_password_in_the_settings_one_is_made_that_only_its_owner_may_read(
    database_urls: DatabaseUrls, data_dir: Path, database: Database, tenant_id: UUID
):
    async with serving(database_urls.app, data_dir) as client:
        file = data_dir / "secrets" / "admin_password"
        assert file.stat().st_mode & 0o777 == 0o600
        assert (await client.post(STOP, json={"admin_password": ""})).status_code == 401
        assert (await client.post(STOP, json={"admin_password": file.read_text()})).status_code == 200
    assert await is_stopped(database, tenant_id)
