"""Rules and approved recipients over HTTP: everyone who reads may look, only an admin may change."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.pipeline import YESTERDAY, make_approved_recipient, make_rule
from tests.factories.store import store


@pytest.fixture
async def client(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    """A caller who owns the switches."""
    async with serving(database_urls.app, data_dir) as client:
        client.headers.update(await headers_for(database, tenant_id, Scope.ADMIN))
        yield client


async def test_seeding_adds_three_rules_in_shadow_once(client: httpx2.AsyncClient):
    first, again = [(await client.post("/api/admin/rules/seed")).json() for _ in range(2)]
    listed = (await client.get("/api/admin/rules")).json()

    assert (first["status"], first["seeded"]) == (
        "success",
        ["high_icp_score", "known_good_recipient", "replied_before"],
    )
    assert (again["status"], again["seeded"]) == ("success", [])
    assert listed["total_count"] == 3
    assert [
        (rule["rule_type"], rule["confidence"], rule["priority"], rule["conditions"], rule["enabled"], rule["mode"])
        for rule in listed["rules"]
    ] == [
        ("replied_before", 0.95, 1, {"days_lookback": 90}, False, "shadow"),
        ("known_good_recipient", 0.9, 2, {"min_sends": 1}, False, "shadow"),
        ("high_icp_score", 0.85, 3, {"min_score": 0.9}, False, "shadow"),
    ]
    assert {rule["created_by"] for rule in listed["rules"]} == {"api_key:mara"}


async def test_a_rule_is_enabled_where_it_is_on(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    await store(database, make_rule(tenant_id, mode="on"))

    assert [rule["enabled"] for rule in (await client.get("/api/admin/rules")).json()["rules"]] == [True]


async def test_recipients_are_listed_newest_first_and_can_be_removed(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    recipients = [
        make_approved_recipient(
            tenant_id,
            email=f"{name}@fabrikam.example",
            email_canonical=f"{name}@fabrikam.example",
            first_approved_at=YESTERDAY + dt.timedelta(minutes=number),
            total_sends=number,
        )
        for number, name in enumerate(("ada", "bob", "cid"))
    ]
    await store(database, *recipients)

    listed = (await client.get("/api/admin/approved-recipients", params={"limit": 2, "offset": 0})).json()
    removed = await client.delete(f"/api/admin/approved-recipients/{recipients[2].id}")
    left = (await client.get("/api/admin/approved-recipients")).json()

    assert (listed["total_count"], listed["returned_count"], listed["limit"], listed["offset"]) == (3, 2, 2, 0)
    assert [(row["email"], row["total_sends"]) for row in listed["recipients"]] == [
        ("cid@fabrikam.example", 2),
        ("bob@fabrikam.example", 1),
    ]
    assert removed.json() == {"status": "removed", "email": "cid@fabrikam.example"}
    assert [row["email"] for row in left["recipients"]] == ["bob@fabrikam.example", "ada@fabrikam.example"]


async def test_removing_somebody_who_is_not_there_is_a_problem_with_a_code(client: httpx2.AsyncClient):
    answer = await client.delete(f"/api/admin/approved-recipients/{new_id()}")

    assert (answer.status_code, answer.json()["code"]) == (404, "recipient_not_found")


async def test_recipients_of_another_tenant_can_neither_be_seen_nor_removed(
    client: httpx2.AsyncClient, database: Database, other_tenant_id: UUID
):
    theirs = make_approved_recipient(other_tenant_id)
    await store(database, theirs)

    assert (await client.get("/api/admin/approved-recipients")).json()["recipients"] == []
    assert (await client.delete(f"/api/admin/approved-recipients/{theirs.id}")).status_code == 404


async def test_whoever_may_only_operate_may_look_but_change_nothing(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    operator = await headers_for(database, tenant_id, Scope.OPERATE)

    assert (await client.get("/api/admin/rules", headers=operator)).status_code == 200
    assert (await client.post("/api/admin/rules/seed", headers=operator)).status_code == 403
    answer = await client.delete(f"/api/admin/approved-recipients/{new_id()}", headers=operator)
    assert answer.status_code == 403
