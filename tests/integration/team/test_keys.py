"""Admins make and revoke keys, none of which can do more than its maker."""

import datetime as dt
import io
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from rich.console import Console

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.models import ApiKey
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.bootstrap.keys import key_as_json, list_keys
from sales_agent.bootstrap.lines import show_keys
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.conftest import DatabaseUrls
from tests.factories.access import make_api_key, make_tenant
from tests.factories.api import api_settings, headers_for
from tests.factories.people import make_person, signed_in_as, token_for
from tests.factories.store import store
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
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    body = {"name": "ci", "scopes": ["read"], "expires_at": soon}
    made = (await client.post("/api/admin/api-keys", json=body, headers=headers)).json()
    assert made["details"]["state"] == "live"
    assert (await client.get("/api/workflows", headers={"X-API-Key": made["key"]})).status_code == 200
    async with database.transaction(tenant_id) as session:
        key = await session.get(ApiKey, (tenant_id, UUID(made["details"]["id"])))
        assert key is not None
        key.expires_at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        await session.flush()
    assert (await client.get("/api/workflows", headers={"X-API-Key": made["key"]})).status_code == 401
    (listed,) = (await client.get("/api/admin/api-keys", headers=headers)).json()["keys"]
    assert listed["state"] == "expired"


async def test_no_key_is_made_to_end_in_the_past(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    headers = await signed_in_as(database, tenant_id, Role.ADMIN)
    ended = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)).isoformat()
    body = {"name": "ci", "scopes": ["read"], "expires_at": ended}
    answer = await client.post("/api/admin/api-keys", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "expiry_past")
    assert (await client.get("/api/admin/api-keys", headers=headers)).json()["total_count"] == 0


async def test_the_command_line_says_which_keys_have_ended(
    database_urls: DatabaseUrls, data_dir: Path, database: Database
):
    tenant_id = await store(database, make_tenant(slug="northwind"))
    async with database.transaction(tenant_id) as session:
        past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        await create_api_key(session, tenant_id, name="old", scopes={Scope.READ}, expires_at=past)
        await create_api_key(session, tenant_id, name="young", scopes={Scope.READ})
    found = await list_keys(api_settings(database_urls.app, data_dir), slug="northwind")
    assert [(key["name"], key["state"]) for key in map(key_as_json, found)] == [("young", "live"), ("old", "expired")]
    out = io.StringIO()
    show_keys(Console(file=out, width=300), found)
    assert [line.split()[-1] for line in out.getvalue().splitlines()[1:]] == ["live", "expired"]


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


@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [
        (Role.ADMIN, ["owner"], 403),
        (Role.ADMIN, ["read", "owner"], 403),
        (Role.ADMIN, ["admin"], 204),
        (Role.ADMIN, ["demo"], 204),
        (Role.OWNER, ["owner"], 204),
    ],
)
async def test_only_an_owner_revokes_a_key_that_can_do_what_owners_can(
    role: Role, scopes: list[str], status: int, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    owner = await signed_in_as(database, tenant_id, Role.OWNER)
    made = (await client.post("/api/admin/api-keys", json={"name": "ci", "scopes": scopes}, headers=owner)).json()

    headers = await signed_in_as(database, tenant_id, role)
    answer = await client.delete(f"/api/admin/api-keys/{made['details']['id']}", headers=headers)

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "owners_key"
        assert (await client.get("/api/admin/api-keys", headers={"X-API-Key": made["key"]})).status_code == 200


async def test_who_disables_somebody_is_told_which_of_their_keys_still_open_doors(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin, gone = (
        await signed_in_as(database, tenant_id, Role.ADMIN),
        await make_person(database, tenant_id, Role.ADMIN),
    )
    theirs = {"Authorization": f"Bearer {await token_for(database, gone)}"}
    live, revoked = [
        (await client.post("/api/admin/api-keys", json={"name": name, "scopes": ["read"]}, headers=theirs)).json()
        for name in ("ci", "crm")
    ]
    ended = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    await store(database, make_api_key(tenant_id, created_by=f"user:{gone.user_id}", expires_at=ended))
    await client.post("/api/admin/api-keys", json={"name": "mine", "scopes": ["read"]}, headers=admin)
    await client.delete(f"/api/admin/api-keys/{revoked['details']['id']}", headers=admin)

    for _ in range(2):
        told = (await client.post(f"/api/admin/users/{gone.user_id}/disable", headers=admin)).json()

        assert told["disabled_at"] is not None
        assert [(key["id"], key["name"]) for key in told["live_keys"]] == [(live["details"]["id"], "ci")]
    assert (await client.get("/api/workflows", headers={"X-API-Key": live["key"]})).status_code == 200
