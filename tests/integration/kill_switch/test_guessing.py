"""Guesses at the installation's password are counted by network, as at sign-in: one IPv6 line is one guesser."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from sales_agent.main import create_app
from tests.conftest import DatabaseUrls
from tests.factories.api import api_settings
from tests.integration.kill_switch.seen import BARE, PASSWORD, RESUME, STATUS, STOP
from tests.integration.signin.browsers import browser_of

AS_JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def app(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[FastAPI]:
    """An application that is told where each call comes from."""
    app = create_app(api_settings(database_urls.app, data_dir, admin_password=PASSWORD))
    async with app.router.lifespan_context(app):
        yield app


async def guessed(app: FastAPI, door: str, host: str) -> int:
    """The answer to one guess at a door, from an address."""
    async with browser_of(app, host) as browser:
        if door == STATUS:
            return (await browser.get(door, headers={"X-Admin-Token": "guess"})).status_code
        return (await browser.post(door, json={"admin_password": "guess", "reason": "x"})).status_code


def json_of(**fields: str) -> str:
    """As text: httpx would not encode half of a character, and a stranger does."""
    return json.dumps(fields)


@pytest.mark.parametrize("door", [STOP, RESUME, STATUS])
async def test_other_addresses_of_the_same_line_are_no_other_guesser(app: FastAPI, door: str):
    same_line = [await guessed(app, door, f"2001:db8:1:1::{n:x}") for n in range(1, 12)]

    assert same_line == [403] * 10 + [429]
    assert await guessed(app, door, "2001:db8:1:2::1") == 403


async def test_the_right_password_stops_from_a_line_that_is_no_longer_heard(app: FastAPI):
    for n in range(1, 12):
        await guessed(app, STOP, f"2001:db8:1:1::{n:x}")

    async with browser_of(app, "2001:db8:1:1::ffff") as browser:
        answer = await browser.post(STOP, json=BARE)

    assert answer.status_code == 200


@pytest.mark.parametrize("odd", ["\x00", "\ud800"])
async def test_no_odd_character_stands_in_the_way_of_a_stop(app: FastAPI, odd: str):
    said = json_of(admin_password=PASSWORD, reason=f"odd {odd} mails")
    async with browser_of(app) as browser:
        answers = [await browser.post(door, content=said, headers=AS_JSON) for door in (STOP, RESUME)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_password_that_nobody_can_have_is_a_wrong_one(app: FastAPI):
    async with browser_of(app) as browser:
        said = {"admin_password": "\x00", "reason": "all clear"}
        answers = [await browser.post(door, json=said) for door in (STOP, RESUME)]

    assert [answer.status_code for answer in answers] == [403, 403]
