"""Guessing is slow: ten wrong passwords a minute from one network, and nobody elsewhere is kept out by them."""

import asyncio
from uuid import UUID

import psycopg
from fastapi import FastAPI

from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.people import Person, make_person
from tests.integration.signin.browsers import audited, browser_of


async def guesses(app: FastAPI, person: Person, count: int, *, host: str, email: str = "") -> list[int]:
    """The statuses of so many wrong passwords, one after the other."""
    statuses: list[int] = []
    async with browser_of(app, host) as browser:
        for number in range(count):
            body = {"email": email or person.email, "password": f"wrong {number}"}
            statuses.append((await browser.post("/api/session", json=body)).status_code)
    return statuses


def pass_a_minute(urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("update attempt set window_started_at = window_started_at - interval '61 seconds'")


async def test_the_eleventh_guess_of_a_minute_has_to_wait_and_so_has_the_right_password(
    app: FastAPI, database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    person = await make_person(database, tenant_id)
    assert await guesses(app, person, 11, host="192.0.2.1") == [401] * 10 + [429]
    async with browser_of(app, "192.0.2.1") as browser:
        limited = await browser.post("/api/session", json=person.body)
        assert (limited.status_code, limited.json()["code"]) == (429, "too_many_sign_ins")
        assert limited.headers["retry-after"] == "60"
        pass_a_minute(database_urls)
        assert (await browser.post("/api/session", json=person.body)).status_code == 200


async def test_who_signs_in_from_elsewhere_does_not_notice(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    assert 429 in await guesses(app, person, 15, host="192.0.2.1")
    async with browser_of(app, "198.51.100.7") as browser:
        assert (await browser.post("/api/session", json=person.body)).status_code == 200


async def test_many_addresses_from_one_network_are_one_guesser(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    for number in range(10):
        assert await guesses(app, person, 1, host="192.0.2.1", email=f"p{number}@northwind.example") == [401]
    assert await guesses(app, person, 1, host="192.0.2.1") == [429]


async def test_many_networks_against_one_address_are_stopped_too(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    answers = [await guesses(app, person, 9, host=f"192.0.2.{number}") for number in range(7)]
    statuses = [status for each in answers for status in each]
    assert statuses == [401] * 50 + [429] * 13


async def test_guesses_at_once_are_no_way_around_the_limit(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    answers = await asyncio.gather(*(guesses(app, person, 1, host="192.0.2.1") for _ in range(25)))
    assert sorted(status for each in answers for status in each) == [401] * 10 + [429] * 15


async def test_the_right_password_counts_for_nothing(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    async with browser_of(app, "192.0.2.1") as browser:
        for _ in range(15):
            assert (await browser.post("/api/session", json=person.body)).status_code == 200


async def test_guesses_that_had_to_wait_do_not_fill_the_trail(app: FastAPI, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    await guesses(app, person, 20, host="192.0.2.1")
    assert len(await audited(database, tenant_id, about=person.user_id)) == 10
