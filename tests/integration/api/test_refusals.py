"""A refused write of somebody we know is in the audit trail, without anybody's data and never without limit."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.bootstrap.refusals import MOST_A_MINUTE, Caller, RefusalLog
from sales_agent.kit.db import Database, make_engine
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.ledger.audit.trail_repository import AuditTrailRepository, TrailFilter
from tests.conftest import DatabaseUrls
from tests.factories.pipeline import make_failed_task, make_job
from tests.factories.store import store
from tests.integration.api.conftest import Callers

FACTS = {"method": "POST", "route": "/api/x", "status": 403, "code": "scope_missing"}


async def refusals(database: Database, tenant_id: UUID) -> Sequence[AuditEvent]:
    async with database.transaction(tenant_id) as session:
        page = await AuditTrailRepository(session, tenant_id).page(
            TrailFilter(action="request.refused"), after=None, limit=200
        )
    return list(reversed(page.rows))


async def test_a_write_without_the_scope_is_recorded_with_door_and_code(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    failed_task_id = new_id()
    answer = await client.post(f"/api/async/failed-tasks/{failed_task_id}/retry", headers=callers.read)
    assert answer.status_code == 403
    (event,) = await refusals(database, tenant_id)
    assert event.actor == "api_key:mara"
    assert event.facts == {
        "method": "POST",
        "route": "/api/async/failed-tasks/{failed_task_id}/retry",
        "status": 403,
        "code": "scope_missing",
    }
    assert event.trace_id


async def test_what_is_not_there_and_what_is_closed_are_recorded_for_writes(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    job = make_job(tenant_id, state="failed")
    task = make_failed_task(tenant_id, job.id, status="resolved")
    await store(database, job, task)
    await client.post(f"/api/async/failed-tasks/{new_id()}/retry", headers=callers.operate)
    await client.post(f"/api/async/failed-tasks/{task.id}/resolve", headers=callers.operate)
    codes = [(event.facts["status"], event.facts["code"]) for event in await refusals(database, tenant_id)]
    assert codes == [(404, "failed_task_not_found"), (409, "failed_task_closed")]


async def test_what_was_not_understood_and_what_was_only_looked_for_are_no_refusals(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    assert (await client.get(f"/api/drafts/{new_id()}", headers=callers.read)).status_code == 404
    assert (await client.post("/api/async/failed-tasks/x/retry", headers=callers.operate)).status_code == 422
    assert await refusals(database, tenant_id) == []


async def test_a_forbidden_look_is_recorded_too(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    assert (await client.get("/api/admin/audit", headers=callers.operate)).status_code == 403
    (event,) = await refusals(database, tenant_id)
    assert event.facts["route"] == "/api/admin/audit"


async def test_a_revoked_key_that_is_still_used_is_recorded_by_its_id(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        key, plain = await create_api_key(session, tenant_id, name="old", scopes={Scope.ADMIN})
        await ApiKeyRepository(session, tenant_id).revoke(key.id)
    answer = await client.get("/api/workflows", headers={"X-API-Key": plain})
    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_invalid")
    assert str(tenant_id) not in answer.text
    (event,) = await refusals(database, tenant_id)
    assert (event.actor, event.facts["status"]) == (f"api_key:{key.id}", 401)


async def test_nobody_in_particular_leaves_nothing_behind(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    await client.get("/api/workflows", headers=callers.read)
    await client.post(f"/api/async/failed-tasks/{new_id()}/retry")
    await client.post(f"/api/async/failed-tasks/{new_id()}/retry", headers={"X-API-Key": "sa_" + "x" * 43})
    assert await refusals(database, tenant_id) == []


async def test_the_refusals_of_one_tenant_are_not_in_the_trail_of_another(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    await client.post(f"/api/async/failed-tasks/{new_id()}/retry", headers=callers.stranger)
    assert await refusals(database, tenant_id) == []
    assert len(await refusals(database, other_tenant_id)) == 1


async def test_a_flood_is_written_up_to_a_limit_and_then_counted(database: Database, tenant_id: UUID):
    log, caller = RefusalLog(), Caller(tenant_id, "api_key:wild")
    await asyncio.gather(*(log.note(database, caller, FACTS) for _ in range(MOST_A_MINUTE + 500)))
    assert len(await refusals(database, tenant_id)) == MOST_A_MINUTE
    await log.close()
    events = await refusals(database, tenant_id)
    assert len(events) == MOST_A_MINUTE + 1
    assert events[-1].facts == {"code": "too_many", "folded": 500}


async def test_one_callers_flood_hides_no_other_and_ends_with_its_window(database: Database, tenant_id: UUID):
    log = RefusalLog(most=1, window_seconds=0.3)
    for actor in ("api_key:wild", "api_key:wild", "api_key:calm"):
        await log.note(database, Caller(tenant_id, actor), FACTS)
    await asyncio.sleep(0.5)
    await log.note(database, Caller(tenant_id, "api_key:wild"), FACTS)
    told = [(event.actor, event.facts.get("folded")) for event in await refusals(database, tenant_id)]
    assert told == [("api_key:wild", None), ("api_key:calm", None), ("api_key:wild", 1), ("api_key:wild", None)]
    await log.close()


async def test_a_refusal_that_cannot_be_written_down_stands(tenant_id: UUID, database_urls: DatabaseUrls):
    away = Database(make_engine("postgresql://nobody@127.0.0.1:1/none", wait_seconds=0.1))
    await RefusalLog().note(away, Caller(tenant_id, "api_key:mara"), FACTS)
    await away.dispose()


@pytest.mark.parametrize("status", [403, 409])
async def test_the_answer_says_the_same_as_ever(client: httpx2.AsyncClient, callers: Callers, status: int):
    headers = callers.read if status == 403 else callers.demo
    answer = await client.post("/api/demo/lead", headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
