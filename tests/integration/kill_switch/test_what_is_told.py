"""Whoever asks is told how things stand; a stop outlives every process, and workers confirm it."""

import asyncio
from pathlib import Path
from uuid import UUID

import httpx2
import psycopg

from sales_agent.controls.workers import Heartbeat
from sales_agent.kit.db import Database, make_engine
from tests.conftest import DatabaseUrls
from tests.factories.api import serving
from tests.factories.effects import make_effect
from tests.factories.store import store
from tests.integration.api.conftest import Callers
from tests.integration.kill_switch.seen import (
    BARE,
    PASSWORD,
    RESUME,
    STATUS,
    STOP,
    is_stopped,
)


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
    unknown = await client.get(STATUS)
    assert (unknown.status_code, unknown.json()["code"]) == (401, "api_key_missing")
    assert "X-Admin-Token" in unknown.json()["detail"]
    assert (await client.get(STATUS, headers={"X-Admin-Token": "guess"})).status_code == 403


async def test_the_reason_of_a_second_stop_is_kept_beside_the_first(client: httpx2.AsyncClient, callers: Callers):
    for reason in ("odd mails", "wrong price list", ""):
        assert (await client.post(STOP, headers=callers.operate, json={"reason": reason})).status_code == 200
    assert (await client.get(STATUS, headers=callers.read)).json()["reason"] == "odd mails"
    items = (await client.get("/api/admin/settings/history", headers=callers.read)).json()["items"]
    assert [(item["before"], item["after"], item["reason"]) for item in items] == [
        (True, True, "wrong price list"),
        (False, True, "odd mails"),
    ]


async def test_a_slip_does_not_stand_in_the_way_of_a_stop(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.post(f"{STOP}?force=1", headers=callers.operate, json={"reson": "odd mails"})
    assert answer.status_code == 200
    assert answer.json()["message"] == "Nothing of this tenant goes out. Not understood, and passed over: reson."


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
