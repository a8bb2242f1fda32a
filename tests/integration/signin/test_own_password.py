"""Whoever is signed in changes their own password: with the current one, and every other way in ends at that moment."""

import asyncio
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.trail_repository import AuditTrailRepository, TrailFilter
from tests.factories.api import headers_for
from tests.factories.people import PASSWORD, Person, as_browser, make_person, token_for
from tests.integration.signin.browsers import audited, browser_of

PATH = "/api/session/password"
NEW = "a horse that answers its mail"


def wanted(current: str = PASSWORD, new: str = NEW) -> dict[str, str]:
    return {"current_password": current, "new_password": new}


async def sign_in(browser: httpx2.AsyncClient, person: Person, password: str = PASSWORD) -> dict[str, str]:
    """The headers that a page of ours sends from then on, beside the cookie which the browser keeps."""
    answer = await browser.post("/api/session", json={**person.body, "password": password})
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


async def test_only_the_new_password_signs_in_and_whoever_changed_it_stays_signed_in(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id, Role.VIEWER)
    headers = await sign_in(browser, person)
    answer = await browser.post(PATH, json=wanted(), headers=headers)
    assert (answer.status_code, answer.json()["user"]["id"]) == (200, str(person.user_id))
    assert (await browser.get("/api/session")).json() == answer.json()
    renewed = {"X-CSRF-Token": answer.json()["csrf_token"]}
    assert (await browser.post(PATH, json=wanted(NEW, PASSWORD), headers=renewed)).status_code == 200
    assert (await browser.post("/api/session", json={**person.body, "password": NEW})).status_code == 401
    assert (await browser.post("/api/session", json=person.body)).status_code == 200


async def test_every_other_session_ends_and_so_does_a_copy_of_this_one(
    app: FastAPI, browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person, colleague = await make_person(database, tenant_id), await make_person(database, tenant_id)
    elsewhere, colleagues = await token_for(database, person), await token_for(database, colleague)
    headers = await sign_in(browser, person)
    copied = browser.cookies["sales_agent_session"]
    assert (await browser.post(PATH, json=wanted(), headers=headers)).status_code == 200
    async with browser_of(app) as other:
        asked = [
            await other.get("/api/session", headers=as_browser(token)) for token in (elsewhere, copied, colleagues)
        ]
    assert [answer.status_code for answer in asked] == [401, 401, 200]


async def test_a_wrong_current_password_changes_nothing_and_ends_nothing(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    headers = await sign_in(browser, person)
    answer = await browser.post(PATH, json=wanted("of somebody else"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "current_password_wrong")
    assert "of somebody else" not in answer.text
    assert (await browser.get("/api/session")).status_code == 200
    assert (await browser.post("/api/session", json=person.body)).status_code == 200


async def test_a_stolen_session_gives_no_more_guesses_than_the_sign_in(
    app: FastAPI, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    headers = as_browser(await token_for(database, person))
    async with browser_of(app) as thief:
        body = {**person.body, "password": "a guess"}
        guessed = [(await thief.post("/api/session", json=body)).status_code for _ in range(4)]
        guessed += [(await thief.post(PATH, json=wanted("a guess"), headers=headers)).status_code for _ in range(6)]
        limited = await thief.post(PATH, json=wanted(), headers=headers)
    assert guessed == [401] * 4 + [403] * 6
    assert (limited.status_code, limited.json()["code"]) == (429, "too_many_sign_ins")


async def test_the_right_current_password_counts_for_nothing(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    headers, passwords = await sign_in(browser, person), [PASSWORD, NEW]
    for _ in range(12):
        answer = await browser.post(PATH, json=wanted(*passwords), headers=headers)
        assert answer.status_code == 200
        headers = {"X-CSRF-Token": answer.json()["csrf_token"]}
        passwords.reverse()


async def test_of_two_changes_at_once_one_counts(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    tokens = [await token_for(database, person) for _ in range(2)]
    news = [f"{NEW} {number}" for number in range(2)]
    async with browser_of(app) as one, browser_of(app) as other:
        answers = await asyncio.gather(
            *(
                browser.post(PATH, json=wanted(new=new), headers={"Authorization": f"Bearer {token}"})
                for browser, new, token in zip((one, other), news, tokens, strict=True)
            )
        )
        kept = [new for new, answer in zip(news, answers, strict=True) if answer.status_code == 200]
        assert len(kept) == 1
        await sign_in(one, person, kept[0])


@pytest.mark.parametrize("new", ["", "elevenchars", "x" * 257])
async def test_a_password_that_cannot_be_anybodys_is_refused_and_not_repeated(
    new: str, browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    headers = await sign_in(browser, person)
    answer = await browser.post(PATH, json=wanted(new=new), headers=headers)
    assert answer.status_code == 422
    assert PASSWORD not in answer.text
    assert not new or new not in answer.text


async def test_a_program_has_no_password(browser: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    headers = await headers_for(database, tenant_id, Scope.OWNER)
    answer = await browser.post(PATH, json=wanted(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "people_only")


async def test_who_signs_in_elsewhere_has_none_to_change(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id, password_hash=None, oidc_subject="248289761001")
    answer = await browser.post(PATH, json=wanted(), headers=as_browser(await token_for(database, person)))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_password_here")


async def test_the_trail_tells_of_the_change_and_of_the_refusal_without_a_word_of_either_password(
    browser: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    await token_for(database, person)
    headers = await sign_in(browser, person)
    assert (await browser.post(PATH, json=wanted("of somebody else"), headers=headers)).status_code == 403
    assert (await browser.post(PATH, json=wanted(), headers=headers)).status_code == 200
    me = f"user:{person.user_id}"
    assert await audited(database, tenant_id, about=person.user_id) == [
        (me, "session.opened", {"method": "password"}),
        (me, "user.password_changed", {"other_sessions_ended": 1}),
    ]
    async with database.transaction(tenant_id) as session:
        asked = TrailFilter(action="request.refused")
        refused = (await AuditTrailRepository(session, tenant_id).page(asked, after=None, limit=9)).rows
    assert [(event.actor, event.facts["code"]) for event in refused] == [(me, "current_password_wrong")]
