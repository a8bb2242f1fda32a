"""Admins make and revoke keys, none of which can do more than its maker."""

import datetime as dt
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.factories.api import headers_for
from tests.factories.people import make_person, signed_in_as, token_for
from tests.integration.signin.browsers import audited


async def test_a_key_is_shown_once_works_and_is_refused_once_revoked(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id, Role.ADMIN)
    admin = {"Authorization": f"Bearer {await token_for(database, person)}"}
    answer = await client.post("/api/admin/api-keys", json={"name": "ci", "scopes": ["read"]}, headers=admin)
    made, details = answer.json(), answer.json()["details"]
    assert answer.status_code == 201
    key = {"X-API-Key": made["key"]}
    assert (await client.get("/api/workflows", headers=key)).status_code == 200
    assert (await client.post("/api/admin/rules/seed", headers=key)).json()["code"] == "scope_missing"
    listed = (await client.get("/api/admin/api-keys", headers=admin)).json()
    assert made["key"] not in str(listed)
    assert listed["keys"][0]["created_by"] == f"user:{person.user_id}"
    assert details["last_used_at"] is None
    assert listed["keys"][0]["last_used_at"] is not None
    assert (await client.delete(f"/api/admin/api-keys/{details['id']}", headers=admin)).status_code == 204
    assert (await client.get("/api/workflows", headers=key)).json()["code"] == "api_key_invalid"
    again = await client.delete(f"/api/admin/api-keys/{details['id']}", headers=admin)
    assert (again.status_code, again.json()["code"]) == (404, "key_unknown")
    actor = f"user:{person.user_id}"
    assert await audited(database, tenant_id, about=UUID(details["id"])) == [
        (actor, "api_key.created", {"scopes": ["read"]}),
        (actor, "api_key.revoked", {}),
    ]


@pytest.mark.parametrize(
    ("maker", "scope", "status"),
    [
        (Role.ADMIN, Scope.READ, 201),
        (Role.ADMIN, Scope.ADMIN, 201),
        (Role.ADMIN, Scope.DEMO, 201),
        (Role.ADMIN, Scope.OWNER, 403),
        (Role.OWNER, Scope.OWNER, 201),
    ],
)
async def test_a_key_can_do_no_more_than_the_person_who_makes_it(
    maker: Role, scope: Scope, status: int, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    headers = await signed_in_as(database, tenant_id, maker)
    body = {"name": "ci", "scopes": ["read", scope]}
    answer = await client.post("/api/admin/api-keys", json=body, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert (answer.json()["code"], answer.json()["context"]) == ("scope_not_held", {"missing": ["owner"]})


async def test_a_key_can_do_no_more_than_the_key_that_makes_it(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    headers = await headers_for(database, tenant_id, Scope.ADMIN)
    for scope, status in ((Scope.ADMIN, 201), (Scope.OWNER, 403)):
        answer = await client.post("/api/admin/api-keys", json={"name": "ci", "scopes": [scope]}, headers=headers)
        assert answer.status_code == status


async def test_a_key_ends_when_it_was_made_to(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    headers = await signed_in_as(database, tenant_id, Role.ADMIN)
    ended = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)).isoformat()
    body = {"name": "ci", "scopes": ["read"], "expires_at": ended}
    made = (await client.post("/api/admin/api-keys", json=body, headers=headers)).json()
    assert (await client.get("/api/workflows", headers={"X-API-Key": made["key"]})).status_code == 401


async def test_a_key_of_another_tenant_is_no_key_of_mine(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    theirs = await signed_in_as(database, other_tenant_id, Role.OWNER)
    body = {"name": "ci", "scopes": ["read"]}
    made = (await client.post("/api/admin/api-keys", json=body, headers=theirs)).json()
    mine = await signed_in_as(database, tenant_id, Role.OWNER)
    for key_id in (made["details"]["id"], new_id()):
        assert (await client.delete(f"/api/admin/api-keys/{key_id}", headers=mine)).status_code == 404
    assert (await client.get("/api/workflows", headers={"X-API-Key": made["key"]})).status_code == 200
