"""The audit trail through its doors: pages by filter, an export that proves itself, a verification, for admins only."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import httpx2
import psycopg
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.export_anchors import export_anchor
from sales_agent.ledger.audit.seal import seal
from sales_agent.ledger.audit.verify_export import verify_export
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for
from tests.factories.ledger import make_audit_event
from tests.factories.store import store
from tests.integration.api.conftest import Callers

BEGAN = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
async def admin(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.ADMIN)


async def sealed_events(database: Database, tenant_id: UUID, count: int = 5, **changes: object) -> list[UUID]:
    """Events of long ago, oldest first, in the chain."""
    events = [make_audit_event(tenant_id, at=BEGAN + dt.timedelta(minutes=n), **changes) for n in range(count)]
    await store(database, *events)
    await seal(database.tenant(tenant_id))
    return [event.id for event in events]


async def test_pages_are_newest_first_and_say_where_each_event_is_sealed(
    client: httpx2.AsyncClient, admin: Mapping[str, str], database: Database, tenant_id: UUID
):
    ids = await sealed_events(database, tenant_id, private_encrypted="k1:AAAA")
    first = (await client.get("/api/admin/audit", headers=admin, params={"limit": 3})).json()
    second = (
        await client.get("/api/admin/audit", headers=admin, params={"limit": 3, "cursor": first["next_cursor"]})
    ).json()
    items = first["items"] + second["items"]
    assert [item["id"] for item in items] == [str(one) for one in reversed(ids)]
    assert [item["sequence"] for item in items] == [5, 4, 3, 2, 1]
    assert second["next_cursor"] is None
    assert {item["has_personal_data"] for item in items} == {True}
    assert "AAAA" not in str(items)


async def test_a_page_holds_what_agrees_with_every_filter(
    client: httpx2.AsyncClient, admin: Mapping[str, str], database: Database, tenant_id: UUID
):
    run_id, draft_id, subject_id = new_id(), new_id(), new_id()
    wanted = make_audit_event(
        tenant_id, actor="user:1", action="draft.edited", run_id=run_id, draft_id=draft_id, subject_id=subject_id
    )
    like = [make_audit_event(tenant_id, actor="user:1"), make_audit_event(tenant_id, action="drafting.begun")]
    await store(database, wanted, *like, make_audit_event(tenant_id, action="draft.approved", run_id=run_id))

    async def found(**params: str) -> int:
        answer = await client.get("/api/admin/audit", headers=admin, params=params)
        return len(answer.json()["items"])

    assert await found(action="draft.edited") == 1
    assert await found(action="draft.*") == 3
    assert await found(action="draft_*") == 0
    assert await found(run_id=str(run_id)) == 2
    assert await found(draft_id=str(draft_id)) == 1
    assert await found(subject_id=str(subject_id)) == 1
    assert await found(actor="user:1") == 2
    assert await found(actor="user:1", action="draft.edited") == 1
    assert await found(actor="user:2") == 0


async def test_the_export_proves_itself_and_that_it_was_taken_is_recorded(
    client: httpx2.AsyncClient,
    admin: Mapping[str, str],
    database: Database,
    tenant_id: UUID,
    other_tenant_id: UUID,
    tmp_path: Path,
):
    await sealed_events(database, tenant_id, count=1203)
    await sealed_events(database, other_tenant_id)
    answer = await client.get("/api/admin/audit/export", headers=admin)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    file = tmp_path / "audit.jsonl"
    file.write_bytes(answer.content)
    checked = verify_export(file)
    assert (checked.tenant_id, checked.count, checked.found.ok) == (tenant_id, 1203, True)
    assert str(other_tenant_id) not in answer.text
    (event,) = (await client.get("/api/admin/audit", headers=admin, params={"action": "audit.exported"})).json()[
        "items"
    ]
    assert (event["actor"], event["facts"]["count"]) == ("api_key:mara", 1203)


async def test_a_whole_trail_is_said_to_be_whole(
    client: httpx2.AsyncClient, admin: Mapping[str, str], database: Database, tenant_id: UUID, tmp_path: Path
):
    await sealed_events(database, tenant_id)
    await export_anchor(database.tenant(tenant_id), tmp_path)
    found = (await client.get("/api/admin/audit/verify", headers=admin)).json()
    assert (found["ok"], found["sealed_to"], found["anchors"], found["broken"]) == (True, 5, 1, None)


async def test_an_end_that_was_cut_off_is_noticed_by_the_anchor_the_database_remembers(
    client: httpx2.AsyncClient,
    admin: Mapping[str, str],
    database: Database,
    database_urls: DatabaseUrls,
    tenant_id: UUID,
    tmp_path: Path,
):
    await sealed_events(database, tenant_id)
    await export_anchor(database.tenant(tenant_id), tmp_path)
    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        owner.execute("delete from audit_event where id in (select id from audit_seal where sequence > 3)")
        owner.execute("delete from audit_seal where sequence > 3")
    found = (await client.get("/api/admin/audit/verify", headers=admin)).json()
    assert (found["ok"], found["sealed_to"]) == (False, 3)
    assert (found["broken"]["sequence"], found["broken"]["differs"]) == (4, "anchor_count")


@pytest.mark.parametrize("door", ["", "/export", "/verify"])
async def test_only_admins_may_look(client: httpx2.AsyncClient, callers: Callers, door: str):
    assert (await client.get(f"/api/admin/audit{door}", headers=callers.operate)).status_code == 403
