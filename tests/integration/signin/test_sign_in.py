"""A person signs in with address and password, is known by a cookie alone, and signs out for good."""

from http.cookies import SimpleCookie
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.kit.db import Database
from sales_agent.main import create_app
from tests.conftest import DatabaseUrls
from tests.factories.access import make_user
from tests.factories.api import api_settings, headers_for
from tests.factories.people import PASSWORD, make_person, token_for
from tests.factories.store import store
from tests.integration.signin.browsers import audited, browser_of, slug_of


async def test_who_signs_in_is_told_who_they_are_and_stays_known(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id, Role.OPERATOR, name="Mara")
    answer = await browser.post("/api/session", json=person.body)
    told = answer.json()
    assert answer.status_code == 200
    assert told["user"] == {"id": str(person.user_id), "email": person.email, "name": "Mara", "role": "operator"}
    assert told["tenant"]["id"] == str(tenant_id)
    assert told["scopes"] == ["read", "operate"]
    again = await browser.get("/api/session")
    assert again.json() == told
    assert (await browser.get("/api/workflows")).status_code == 200


async def test_the_cookie_is_for_the_browser_alone(
    browser: httpx2.AsyncClient, database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
):
    person = await make_person(database, tenant_id)

    async def cookie(browser: httpx2.AsyncClient) -> dict[str, object]:
        answer = await browser.post("/api/session", json=person.body)
        (kept,) = SimpleCookie(answer.headers["set-cookie"]).values()
        assert kept.value.startswith("ss_")
        return {name: kept[name] for name in ("httponly", "samesite", "secure", "path", "domain", "max-age")}

    plain = {"httponly": True, "samesite": "lax", "secure": "", "path": "/", "domain": "", "max-age": "43200"}
    assert await cookie(browser) == plain
    settings = api_settings(database_urls.app, data_dir, public_url="https://agent.northwind.example", session_hours=2)
    public = create_app(settings)
    async with public.router.lifespan_context(public), browser_of(public) as other:
        assert await cookie(other) == {**plain, "secure": True, "max-age": "7200"}


@pytest.mark.parametrize("what", ["the password", "the address", "both"])
async def test_what_is_wrong_is_not_said(what: str, browser: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    wrong = {
        "the password": {**person.body, "password": f"{PASSWORD}!"},
        "the address": {**person.body, "email": "nobody@northwind.example"},
        "both": {"email": "x@y.example", "password": "z"},
    }[what]
    answer = await browser.post("/api/session", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")
    assert "set-cookie" not in answer.headers
    assert wrong["password"] not in answer.text
    assert wrong["email"] not in answer.text


async def test_an_address_is_one_person_however_it_is_written(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id, email="mara@northwind.example")
    body = {**person.body, "email": " Mara@Northwind.example "}
    assert (await browser.post("/api/session", json=body)).status_code == 200


async def test_who_is_disabled_or_has_no_password_is_refused_like_a_stranger(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    disabled, elsewhere = await make_person(database, tenant_id), make_user(tenant_id, role=Role.OWNER)
    await store(database, elsewhere)
    async with database.transaction(tenant_id) as session:
        await UserRepository(session, tenant_id).disable(disabled.user_id)
    for email in (disabled.email, elsewhere.email):
        answer = await browser.post("/api/session", json={"email": email, "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")


async def test_every_sign_in_and_every_failed_one_is_in_the_trail_without_an_address(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    await browser.post("/api/session", json={**person.body, "password": "wrong"})
    told = (await browser.post("/api/session", json=person.body)).json()
    await browser.delete("/api/session", headers={"X-CSRF-Token": told["csrf_token"]})
    assert await audited(database, tenant_id, about=person.user_id) == [
        ("nobody", "session.refused", {"method": "password", "reason": "wrong_password"}),
        (f"user:{person.user_id}", "session.opened", {"method": "password"}),
        (f"user:{person.user_id}", "session.ended", {}),
    ]


async def test_who_signs_out_is_signed_out_on_our_side_too(
    app: FastAPI, browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    told = (await browser.post("/api/session", json=person.body)).json()
    stolen = browser.cookies["sales_agent_session"]
    answer = await browser.delete("/api/session", headers={"X-CSRF-Token": told["csrf_token"]})
    assert answer.status_code == 204
    assert "sales_agent_session" not in browser.cookies
    async with browser_of(app) as thief:
        answer = await thief.get("/api/session", headers={"Authorization": f"Bearer {stolen}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")


async def test_a_cookie_alone_changes_nothing(browser: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id, Role.OWNER)
    told = (await browser.post("/api/session", json=person.body)).json()
    for headers in ({}, {"X-CSRF-Token": "guessed"}):
        answer = await browser.post("/api/admin/rules/seed", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_token_wrong")
    token = {"X-CSRF-Token": told["csrf_token"]}
    foreign = await browser.post("/api/admin/rules/seed", headers={**token, "Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site_refused")
    own = {**token, "Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/api/admin/rules/seed", headers=own)).status_code == 200


async def test_a_program_with_the_sessions_token_needs_no_token_against_forgery(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    token = await token_for(database, await make_person(database, tenant_id, Role.ADMIN))
    answer = await browser.post("/api/admin/rules/seed", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


async def test_no_other_site_signs_a_browser_in(browser: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await browser.post("/api/session", json=person.body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_refused")


async def test_an_address_of_two_tenants_is_asked_which_one_after_the_right_password_only(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    email = "mara@northwind.example"
    first = await make_person(database, tenant_id, email=email)
    second = await make_person(database, other_tenant_id, email=email)
    slugs = sorted([await slug_of(database, tenant_id), await slug_of(database, other_tenant_id)])
    wrong = await browser.post("/api/session", json={**first.body, "password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_failed")
    assert not [slug for slug in slugs if slug in wrong.text]
    asked = await browser.post("/api/session", json=first.body)
    assert (asked.status_code, asked.json()["code"]) == (409, "several_tenants")
    assert asked.json()["context"] == {"tenants": slugs}
    chosen = await browser.post("/api/session", json={**first.body, "tenant": await slug_of(database, other_tenant_id)})
    assert chosen.json()["user"]["id"] == str(second.user_id)
    none = await browser.post("/api/session", json={**first.body, "tenant": "contoso"})
    assert none.status_code == 401


async def test_a_program_is_told_what_its_key_may(browser: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    headers = await headers_for(database, tenant_id, Scope.ADMIN)
    told = (await browser.get("/api/session", headers=headers)).json()
    assert told["user"] is None
    assert told["scopes"] == ["read", "operate", "admin", "demo"]
    assert (told["csrf_token"], told["expires_at"]) == (None, None)
    answer = await browser.delete("/api/session", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_session")


async def test_a_body_of_another_shape_is_refused_without_its_password(browser: httpx2.AsyncClient):
    answer = await browser.post("/api/session", json={"email": "a@b.example", "password": ["secret word"], "x": 1})
    assert answer.status_code == 422
    assert "secret word" not in answer.text
