"""Who is let in by the identity provider has a place here already, and came back to the browser that left."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import OctKey, RSAKey

from sales_agent.access.auth.models import User
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.kit.db import Database
from sales_agent.main import create_app
from tests.conftest import DatabaseUrls
from tests.factories.access import make_user
from tests.factories.api import api_settings
from tests.factories.store import store
from tests.integration.signin.browsers import audited, browser_of, slug_of
from tests.integration.signin.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    IdentityProvider,
    serving_identities,
    somebody,
)

EMAIL = "mara@northwind.example"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1"})


@pytest.fixture
async def provider(key: RSAKey) -> AsyncIterator[IdentityProvider]:
    async with serving_identities(key) as provider:
        yield provider
        assert provider.refusals == []


@pytest.fixture
async def app(database_urls: DatabaseUrls, data_dir: Path, provider: IdentityProvider) -> AsyncIterator[FastAPI]:
    """The application, which knows the provider."""
    known = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    app = create_app(api_settings(database_urls.app, data_dir, **known))
    async with app.router.lifespan_context(app):
        yield app


async def mara(database: Database, tenant_id: UUID, **changes: object) -> User:
    """Somebody without a password."""
    user = make_user(tenant_id, **{"email": EMAIL, "email_canonical": EMAIL, "role": Role.ADMIN, **changes})
    await store(database, user)
    return user


async def leave(browser: httpx2.AsyncClient, query: str = "") -> str:
    """Start, sign in at the provider; the path and query it sends the browser back to."""
    start = await browser.get(f"/api/auth/oidc/start{query}")
    assert start.status_code == 302
    async with httpx2.AsyncClient() as wire:
        back = await wire.get(start.headers["location"])
    assert back.status_code == 302
    split = urlsplit(back.headers["location"])
    assert f"{split.scheme}://{split.netloc}" == "http://127.0.0.1:8000"
    return f"{split.path}?{split.query}"


async def come_and_go(browser: httpx2.AsyncClient, query: str = "") -> httpx2.Response:
    return await browser.get(await leave(browser, query))


async def subject_of(database: Database, user: User) -> str | None:
    async with database.transaction(user.tenant_id) as session:
        known = await UserRepository(session, user.tenant_id).get(user.id)
    assert known is not None
    return known.oidc_subject


async def test_a_person_with_a_place_here_is_let_in_and_known_from_then_on(
    browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    user = await mara(database, tenant_id)
    provider.person.update(somebody(EMAIL))
    answer = await come_and_go(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    told = (await browser.get("/api/session")).json()
    assert told["user"] == {"id": str(user.id), "email": EMAIL, "name": "Mara", "role": "admin"}
    assert await subject_of(database, user) == "subject-1"
    assert await audited(database, tenant_id, about=user.id) == [
        (f"user:{user.id}", "session.opened", {"method": "oidc"})
    ]


async def test_once_known_a_person_is_known_by_the_providers_id_whatever_their_address(
    browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    user = await mara(database, tenant_id, oidc_subject="subject-1")
    provider.person.update(somebody("married@northwind.example", email_verified=False))
    assert (await come_and_go(browser)).status_code == 303
    assert (await browser.get("/api/session")).json()["user"]["id"] == str(user.id)


async def test_somebody_who_got_the_address_later_is_not_let_in(
    browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    user = await mara(database, tenant_id, oidc_subject="subject-1")
    provider.person.update(somebody(EMAIL, subject="subject-2"))
    answer = await come_and_go(browser)
    assert (answer.status_code, answer.json()["code"]) == (403, "person_unknown")
    assert await subject_of(database, user) == "subject-1"
    refused = ("nobody", "session.refused", {"method": "oidc", "reason": "another_subject"})
    assert await audited(database, tenant_id, about=user.id) == [refused]


@pytest.mark.parametrize(
    "person",
    [
        somebody("nobody@northwind.example"),
        somebody(EMAIL, email_verified=False),
        somebody(EMAIL, email_verified=None),
        somebody(EMAIL, email_verified="true"),
        somebody("mara+admin@northwind.example"),  # the same person to a list of recipients, perhaps not to a provider
        somebody(""),
    ],
    ids=["unknown", "unverified", "not said", "said in words", "another mailbox", "no address"],
)
async def test_signing_in_elsewhere_makes_nobody_and_takes_no_unproved_address(
    person: dict[str, object],
    browser: httpx2.AsyncClient,
    provider: IdentityProvider,
    database: Database,
    tenant_id: UUID,
):
    user = await mara(database, tenant_id)
    provider.person.update(person)
    answer = await come_and_go(browser)
    assert (answer.status_code, answer.json()["code"]) == (403, "person_unknown")
    assert "sales_agent_session" not in browser.cookies
    assert await subject_of(database, user) is None


async def test_a_disabled_person_is_refused(
    browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    user = await mara(database, tenant_id, oidc_subject="subject-1")
    async with database.transaction(tenant_id) as session:
        await UserRepository(session, tenant_id).disable(user.id)
    provider.person.update(somebody(EMAIL))
    assert (await come_and_go(browser)).status_code == 403
    refused = ("nobody", "session.refused", {"method": "oidc", "reason": "disabled"})
    assert await audited(database, tenant_id, about=user.id) == [refused]


async def test_a_person_of_two_tenants_chooses_at_the_start(
    browser: httpx2.AsyncClient,
    provider: IdentityProvider,
    database: Database,
    tenant_id: UUID,
    other_tenant_id: UUID,
):
    users = {tenant: await mara(database, tenant) for tenant in (tenant_id, other_tenant_id)}
    provider.person.update(somebody(EMAIL))
    asked = await come_and_go(browser)
    assert (asked.status_code, asked.json()["code"]) == (409, "several_tenants")
    for tenant, user in users.items():
        answer = await come_and_go(browser, f"?tenant={await slug_of(database, tenant)}")
        assert answer.status_code == 303
        assert (await browser.get("/api/session")).json()["user"]["id"] == str(user.id)


async def test_an_answer_counts_in_the_browser_that_asked_and_once(
    app: FastAPI, browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    await mara(database, tenant_id)
    provider.person.update(somebody(EMAIL))
    back = await leave(browser)
    state = parse_qs(urlsplit(back).query)["state"][0]
    async with browser_of(app) as victim:
        # Without a sign-in of its own, and in the middle of another one.
        for _ in range(2):
            answer = await victim.get(back)
            assert (answer.status_code, answer.json()["code"]) == (400, "oidc_state_mismatch")
            await victim.get("/api/auth/oidc/start")
    for wrong in (back.replace(state, state[::-1]), back.replace(f"state={state}", "x=1"), "/api/auth/oidc/callback"):
        assert (await browser.get(wrong)).json()["code"] == "oidc_state_mismatch"
    assert (await browser.get(back)).status_code == 303
    assert (await browser.get(back)).json()["code"] == "oidc_state_mismatch"


async def test_an_answer_that_comes_after_ten_minutes_is_too_late(
    database_urls: DatabaseUrls,
    data_dir: Path,
    tmp_path: Path,
    provider: IdentityProvider,
    database: Database,
    tenant_id: UUID,
):
    await mara(database, tenant_id)
    provider.person.update(somebody(EMAIL))
    shift = tmp_path / "shift"
    known = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    app = create_app(api_settings(database_urls.app, data_dir, test_clock_file=str(shift), **known))
    async with app.router.lifespan_context(app), browser_of(app) as browser:
        back = await leave(browser)
        shift.write_text("601")
        assert (await browser.get(back)).json()["code"] == "oidc_state_mismatch"


LIES = {
    "for another client": {"aud": "somebody-else"},
    "by another issuer": {"iss": "https://evil.example"},
    "for another sign-in": {"nonce": "replayed"},
    "without a nonce": {"nonce": None},
    "long over": {"exp": int(time.time()) - 3600},
    "about nobody": {"sub": None},
    "handed on by another client": {"azp": "somebody-else"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_does_not_fit_is_refused(
    lie: str, browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    await mara(database, tenant_id)
    provider.person.update(somebody(EMAIL))
    provider.lies.update(LIES[lie])
    answer = await come_and_go(browser)
    assert (answer.status_code, answer.json()["code"]) == (400, "identity_refused")
    assert "sales_agent_session" not in browser.cookies


@pytest.mark.parametrize("signed", ["with another key", "with the secret we share", "with nothing"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(
    signed: str, browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    await mara(database, tenant_id)
    provider.person.update(somebody(EMAIL))
    if signed == "with another key":
        provider.signs_with = RSAKey.generate_key(2048)
    else:
        provider.algorithm = "none" if signed == "with nothing" else "HS256"
        provider.signs_with = OctKey.import_key(CLIENT_SECRET.ljust(32, "."))
    answer = await come_and_go(browser)
    assert (answer.status_code, answer.json()["code"]) == (400, "identity_refused")


async def test_a_person_who_said_no_at_the_provider_is_told_to_start_again(browser: httpx2.AsyncClient):
    answer = await browser.get("/api/auth/oidc/callback?error=access_denied&state=x")
    assert (answer.status_code, answer.json()["code"]) == (400, "identity_refused")


async def test_a_code_of_another_sign_in_is_refused(
    app: FastAPI, browser: httpx2.AsyncClient, provider: IdentityProvider, database: Database, tenant_id: UUID
):
    await mara(database, tenant_id)
    provider.person.update(somebody(EMAIL))
    back = await leave(browser)
    async with browser_of(app) as thief:
        stolen = parse_qs(urlsplit(await leave(thief)).query)["code"][0]
    own = parse_qs(urlsplit(back).query)["code"][0]
    assert (await browser.get(back.replace(own, stolen))).json()["code"] == "identity_refused"
    assert provider.refusals == ["invalid_grant: code_verifier"]
    provider.refusals.clear()


async def test_a_provider_that_calls_itself_otherwise_is_another_one(
    browser: httpx2.AsyncClient, provider: IdentityProvider
):
    provider.calls_itself = "https://evil.example"
    answer = await browser.get("/api/auth/oidc/start")
    assert (answer.status_code, answer.json()["code"]) == (503, "identity_provider_unavailable")


async def test_a_provider_that_is_away_is_no_fault_of_ours(database_urls: DatabaseUrls, data_dir: Path):
    app = create_app(api_settings(database_urls.app, data_dir, oidc_issuer="http://127.0.0.1:1"))
    async with app.router.lifespan_context(app), browser_of(app) as browser:
        answer = await browser.get("/api/auth/oidc/start")
        assert (answer.status_code, answer.json()["code"]) == (503, "identity_provider_unavailable")


async def test_without_a_provider_there_is_no_such_way_in(database_urls: DatabaseUrls, data_dir: Path):
    app = create_app(api_settings(database_urls.app, data_dir))
    async with app.router.lifespan_context(app), browser_of(app) as browser:
        for door in ("start", "callback?state=x&code=y"):
            answer = await browser.get(f"/api/auth/oidc/{door}")
            assert (answer.status_code, answer.json()["code"]) == (404, "oidc_not_set_up")
