"""Whatever a signed body holds, it is stored and answered: what no repetition mends must not be asked for again."""

import asyncio
import json
import random
import string
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.tenancy.keyring import load_keyring
from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.access.tenancy.repository import WebhookSourceRepository
from sales_agent.kit.db import Database
from sales_agent.pipeline.intake.hubspot_form import parse
from sales_agent.pipeline.intake.receive import Door, Receiver
from sales_agent.pipeline.intake.schemas import PATH
from sales_agent.records.leads.models import Submission
from tests.conftest import DatabaseUrls
from tests.factories.api import api_settings, serving
from tests.factories.store import count_of

# What does not shrink: PostgreSQL compresses long values before it looks whether they fit into an index.
NOISE = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=9000))
GOOD = {"formSubmissionId": "good", "email": "ada@fabrikam.example"}


def deep(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


HOSTILE: dict[str, dict[str, object]] = {
    "a name with a null": {"properties": {"email": {"value": "a@b.example"}, "a\x00b": {"value": "1"}}},
    "a name with half a character": {"email": "a@b.example", "x\ud800": "1"},
    "a value nested deep": {"email": "a@b.example", "x": {"value": deep(600)}},
    "an id longer than a page of the index": {"formSubmissionId": NOISE, "email": "a@b.example"},
    "an address longer than a page of the index": {"formSubmissionId": "1", "email": f"{NOISE}@b.example"},
}


@pytest.fixture
async def webhook(
    database: Database, tenant_id: UUID, database_urls: DatabaseUrls, data_dir: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """The application with a source that asks for no signature."""
    keyring = load_keyring(api_settings(database_urls.app, data_dir))
    async with database.transaction(tenant_id) as session:
        await WebhookSourceRepository(session, tenant_id, keyring).upsert(
            key="default", portal_id=1, form_ids=[], signature=SignaturePolicy.OFF, secret=""
        )
    async with serving(database_urls.app, data_dir) as client:
        yield client


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_body_is_stored_and_spoils_none_of_its_neighbours(
    webhook: httpx2.AsyncClient, database: Database, tenant_id: UUID, what: str
):
    alone = await webhook.post(PATH, content=json.dumps(HOSTILE[what]).encode())
    among_others = await webhook.post(PATH, content=json.dumps([HOSTILE[what], GOOD]).encode())

    assert (alone.status_code, among_others.status_code) == (202, 202)
    assert among_others.json()["items"][1]["status"] == "accepted"
    assert await count_of(database, tenant_id, Submission) in {2, 3}


async def test_a_long_id_is_known_again(webhook: httpx2.AsyncClient):
    body = json.dumps({"formSubmissionId": NOISE, "email": "a@b.example"}).encode()

    answers = [(await webhook.post(PATH, content=body)).json() for _ in range(2)]

    assert answers[0]["submission_id"] == answers[1]["submission_id"]
    assert [answer["duplicate"] for answer in answers] == [False, True]


async def test_a_body_up_to_the_limit_of_the_webhook_is_taken_whatever_other_doors_take(webhook: httpx2.AsyncClient):
    body = json.dumps({**GOOD, "message": "x" * 4_000_000}).encode()

    assert (await webhook.post(PATH, content=body)).status_code == 202
    assert (await webhook.post(PATH, content=b" " * 6_000_000)).status_code == 413


async def test_a_source_key_that_no_database_can_hold_is_unknown(webhook: httpx2.AsyncClient):
    answer = await webhook.post(f"{PATH}?source=%00", content=json.dumps(GOOD).encode())

    assert (answer.status_code, answer.json()["code"]) == (401, "webhook_source_unknown")


async def test_two_processes_that_receive_the_same_submissions_in_opposite_order_do_not_wait_for_each_other(
    database: Database, tenant_id: UUID
):
    door = Door(tenant_id, "default", 1, frozenset())
    bodies = [{"formSubmissionId": f"sub-{number:04}", "email": f"a{number}@b.example"} for number in range(900)]
    orders = [parse(json.dumps(order).encode()) for order in (bodies, bodies[::-1])]

    for _ in range(3):
        received = await asyncio.gather(
            *(Receiver(database).receive(door, forms, trace_id="a" * 32) for forms in orders)
        )
        ids = [{item.form.key: item.stored.id for item in items} for items in received]
        assert ids[0] == ids[1]
    assert await count_of(database, tenant_id, Submission) == len(bodies)
