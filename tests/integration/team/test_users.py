"""Admins keep the team, only owners keep owners, one owner always stays, and what was taken away ends at once."""

import asyncio
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.roles import Role
from sales_agent.kit.db import Database
from tests.factories.people import PASSWORD, Person, make_person, signed_in_as, token_for
from tests.integration.signin.browsers import audited

NEW = {"email": "kim@northwind.example", "role": "operator", "name": "Kim"}


async def session_of(database: Database, person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {await token_for(database, person)}"}


async def test_an_admin_adds_somebody_whose_password_is_shown_once(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin = await signed_in_as(database, tenant_id, Role.ADMIN)
    answer = await client.post("/api/admin/users", json=NEW, headers=admin)
    made = answer.json()
    assert answer.status_code == 201
    assert len(made["password"]) >= 12
    assert {"email": "kim@northwind.example", "role": "operator", "name": "Kim"}.items() <= made["user"].items()
    signed_in = await client.post("/api/session", json={"email": NEW["email"], "password": made["password"]})
    assert signed_in.json()["user"]["id"] == made["user"]["id"]
    listed = (await client.get("/api/admin/users", headers=admin)).json()
    assert listed["total_count"] == 2
    assert listed["users"][1] == {**made["user"], "last_sign_in_at": listed["users"][1]["last_sign_in_at"]}
    assert "password_hash" not in str(listed)
    assert made["password"] not in str(listed)


async def test_a_chosen_password_is_not_shown_and_who_signs_in_elsewhere_has_none(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin = await signed_in_as(database, tenant_id, Role.ADMIN)
    chosen = await client.post("/api/admin/users", json={**NEW, "password": PASSWORD}, headers=admin)
    assert chosen.json()["password"] is None
    assert PASSWORD not in chosen.text
    elsewhere = {"email": "lou@northwind.example", "role": "viewer", "signs_in_elsewhere": True}
    made = (await client.post("/api/admin/users", json=elsewhere, headers=admin)).json()
    assert (made["password"], made["user"]["has_password"]) == (None, False)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"email": "Kim@Northwind.example"}, 409, "email_taken"),
        ({"email": "kim+sales@northwind.example"}, 409, "email_taken"),
        ({"email": "kim at northwind"}, 400, "email_invalid"),
        ({"email": "x" * 250 + "@y.example"}, 422, "request_invalid"),
        ({"email": "lou@northwind.example", "role": "god"}, 422, "request_invalid"),
        ({"email": "lou@northwind.example", "password": "short"}, 422, "request_invalid"),
        ({"email": "lou@northwind.example", "role": "owner"}, 403, "owners_only"),
    ],
)
async def test_what_cannot_be_a_new_user_is_refused(
    change: dict[str, str], status: int, code: str, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin = await signed_in_as(database, tenant_id, Role.ADMIN)
    await client.post("/api/admin/users", json=NEW, headers=admin)
    answer = await client.post("/api/admin/users", json={**NEW, **change}, headers=admin)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_two_tenants_may_have_the_same_person(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    for tenant in (tenant_id, other_tenant_id):
        admin = await signed_in_as(database, tenant, Role.ADMIN)
        assert (await client.post("/api/admin/users", json=NEW, headers=admin)).status_code == 201


CHANGES = {
    "role": {"role": "viewer"},
    "password": {"password": "another long password"},
    "disable": None,
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_ends_every_session_of_the_person_and_of_nobody_else(
    change: str, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin = await signed_in_as(database, tenant_id, Role.ADMIN)
    person, neighbour = await make_person(database, tenant_id), await signed_in_as(database, tenant_id, Role.VIEWER)
    sessions = [await session_of(database, person) for _ in range(2)]
    door = f"/api/admin/users/{person.user_id}/{change}"
    answer = await client.post(door, json=CHANGES[change], headers=admin)
    assert answer.status_code == 200
    for session in sessions:
        assert (await client.get("/api/session", headers=session)).json()["code"] == "session_invalid"
    assert (await client.get("/api/session", headers=neighbour)).status_code == 200


async def test_a_reset_password_replaces_the_old_one(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    admin = await signed_in_as(database, tenant_id, Role.ADMIN)
    person = await make_person(database, tenant_id)
    reset = await client.post(f"/api/admin/users/{person.user_id}/password", json={}, headers=admin)
    assert (await client.post("/api/session", json=person.body)).status_code == 401
    body = {**person.body, "password": reset.json()["password"]}
    assert (await client.post("/api/session", json=body)).status_code == 200


async def test_a_disabled_person_signs_in_again_once_enabled(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin = await signed_in_as(database, tenant_id, Role.ADMIN)
    person = await make_person(database, tenant_id)
    for door, status in (("disable", 401), ("enable", 200)):
        for _ in range(2):
            answer = await client.post(f"/api/admin/users/{person.user_id}/{door}", headers=admin)
            assert (answer.json()["disabled_at"] is None) == (door == "enable")
        assert (await client.post("/api/session", json=person.body)).status_code == status


@pytest.mark.parametrize(
    ("door", "body"), [("role", {"role": "viewer"}), ("password", {}), ("disable", None), ("enable", None)]
)
async def test_only_an_owner_changes_an_owner(
    door: str, body: dict[str, str] | None, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    owner = await make_person(database, tenant_id, Role.OWNER)
    place = f"/api/admin/users/{owner.user_id}/{door}"
    refused = await client.post(place, json=body, headers=await signed_in_as(database, tenant_id, Role.ADMIN))
    assert (refused.status_code, refused.json()["code"]) == (403, "owners_only")
    allowed = await client.post(place, json=body, headers=await signed_in_as(database, tenant_id, Role.OWNER))
    assert allowed.status_code == 200


async def test_an_admin_makes_no_owner_of_anybody_not_even_of_themselves(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    admin, operator = [await make_person(database, tenant_id, role) for role in (Role.ADMIN, Role.OPERATOR)]
    headers = await session_of(database, admin)
    for person in (admin, operator):
        place = f"/api/admin/users/{person.user_id}/role"
        answer = await client.post(place, json={"role": "owner"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "owners_only")


@pytest.mark.parametrize(("door", "body"), [("role", {"role": "admin"}), ("disable", None)])
async def test_the_last_owner_stays(
    door: str, body: dict[str, str] | None, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    last = await make_person(database, tenant_id, Role.OWNER)
    gone = await make_person(database, tenant_id, Role.OWNER)
    headers = await session_of(database, last)
    assert (await client.post(f"/api/admin/users/{gone.user_id}/disable", headers=headers)).status_code == 200
    answer = await client.post(f"/api/admin/users/{last.user_id}/{door}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


async def test_two_owners_who_remove_each_other_do_not_both_succeed(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    first, second = [await make_person(database, tenant_id, Role.OWNER) for _ in range(2)]
    headers = [await session_of(database, person) for person in (first, second)]
    answers = await asyncio.gather(
        client.post(f"/api/admin/users/{second.user_id}/disable", headers=headers[0]),
        client.post(f"/api/admin/users/{first.user_id}/disable", headers=headers[1]),
    )
    # The later one is refused: as the last owner's, or because the session behind it has ended.
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses in ([200, 401], [200, 409])
    keeper = first if answers[0].status_code == 200 else second
    listed = (await client.get("/api/admin/users", headers=await session_of(database, keeper))).json()["users"]
    assert [user["id"] for user in listed if user["disabled_at"] is None] == [str(keeper.user_id)]


async def test_every_change_is_in_the_trail_without_an_address_or_a_password(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    owner = await make_person(database, tenant_id, Role.OWNER)
    headers, actor = await session_of(database, owner), f"user:{owner.user_id}"
    made = (await client.post("/api/admin/users", json=NEW, headers=headers)).json()["user"]
    place = f"/api/admin/users/{made['id']}"
    await client.post(f"{place}/role", json={"role": "admin"}, headers=headers)
    await client.post(f"{place}/password", json={}, headers=headers)
    await client.post(f"{place}/disable", headers=headers)
    await client.post(f"{place}/enable", headers=headers)
    assert await audited(database, tenant_id, about=UUID(made["id"])) == [
        (actor, "user.created", {"role": "operator", "has_password": True}),
        (actor, "user.role_changed", {"before": "operator", "after": "admin"}),
        (actor, "user.password_set", {}),
        (actor, "user.disabled", {}),
        (actor, "user.enabled", {}),
    ]


async def test_the_same_role_again_is_no_change(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    owner = await make_person(database, tenant_id, Role.OWNER)
    headers = await session_of(database, owner)
    place = f"/api/admin/users/{owner.user_id}/role"
    assert (await client.post(place, json={"role": "owner"}, headers=headers)).status_code == 200
    assert (await client.get("/api/session", headers=headers)).status_code == 200
    assert await audited(database, tenant_id, about=owner.user_id) == []
