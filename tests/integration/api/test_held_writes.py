"""Held writes through their doors: shown with what would let them go, released as reviewed, given up."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.effects.held import digest_of_review
from sales_agent.effects.models import Effect
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.models import Job
from tests.conftest import DatabaseUrls
from tests.factories.api import serving
from tests.factories.controls import make_setting
from tests.factories.effects import make_effect
from tests.factories.store import count_of, store
from tests.integration.api.conftest import Callers

BEGAN = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
OFF = "ALLOW_CRM_WRITES is off"


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """An environment that allows writing to HubSpot."""
    async with serving(database_urls.app, data_dir, allow_crm_writes="true") as client:
        yield client


def off(tenant_id: UUID) -> object:
    """The tenant has turned the switch off."""
    return make_setting(tenant_id, key="allow_crm_writes", value={"value": False})


def held(tenant_id: UUID, minutes: int = 0, **changes: object) -> Effect:
    payload = {"subject": "Call back", "body": "", "due_at": "2026-11-24T09:00:00Z"}
    payload |= {"contact_crm_id": "1003", "company_crm_id": "", "owner_id": ""}
    values = {"kind": "crm.create_task", "status": "held", "held_because": OFF, "payload": payload}
    times = {"created_at": BEGAN + dt.timedelta(minutes=minutes), "expires_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}
    return make_effect(tenant_id, **{**values, **times, **changes})


async def listed(client: httpx2.AsyncClient, callers: Callers, **query: str) -> dict:
    answer = await client.get("/api/effects", headers=callers.read, params=query)
    assert answer.status_code == 200
    return answer.json()


async def test_a_held_write_is_shown_with_its_words_its_reason_and_what_would_let_it_go(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, off(tenant_id), effect)
    (item,) = (await listed(client, callers))["items"]
    assert item["id"] == str(effect.id)
    assert (item["kind"], item["title"]) == ("crm.create_task", "Create the task in HubSpot")
    assert item["payload"]["subject"] == "Call back"
    assert (item["held_because"], item["is_releasable"], item["forbidden_because"]) == (OFF, False, OFF)
    assert item["released_when"] == "Turn ALLOW_CRM_WRITES on, then release it."
    assert item["expires_at"].startswith("2100")
    assert item["release"] is None
    assert (await client.get(f"/api/effects/{effect.id}", headers=callers.read)).json() == item


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"held_because": "the kill switch is set"}, "Release it: nothing forbids it any more."),
        ({"held_because": OFF}, "Release it: nothing forbids it any more."),
        ({"held_because": "something else"}, "Release it when the reason is gone."),
        ({"kind": "fax.send"}, "This release cannot make it: cancel it."),
        ({"kind": "mail.send_draft"}, "It leaves with its draft: send the draft again."),
    ],
    ids=["stopped before", "off before", "another reason", "unknown", "a mail"],
)
async def test_every_reason_has_a_way_out(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, changes: dict, says: str
):
    await store(database, held(tenant_id, **changes))
    (item,) = (await listed(client, callers))["items"]
    assert item["released_when"] == says


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("held", "Release what it waits for first, or together with it."),
        ("refused", "What it waits for is refused: cancel it, or run the run again."),
        ("done", "Release it: nothing forbids it any more."),
    ],
)
async def test_a_write_says_what_it_waits_for(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, status: str, says: str
):
    first = held(tenant_id, 0, status=status)
    second = held(tenant_id, 1, depends_on=first.id)
    await store(database, first, second)
    item = (await listed(client, callers))["items"][-1]
    assert item["waits_for"] == {"id": str(first.id), "kind": "crm.create_task", "status": status}
    assert item["released_when"] == says


async def test_what_a_switch_forbids_now_is_not_released_and_the_answer_names_the_switch(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, off(tenant_id), effect)
    page = await listed(client, callers)
    assert page["reviewed"] == digest_of_review([])
    batch = {"ids": [str(effect.id)], "reviewed": digest_of_review([page["items"][0]["digest"]])}
    for door, body in ((f"{effect.id}/release", None), ("release", batch)):
        answer = await client.post(f"/api/effects/{door}", headers=callers.operate, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "release_forbidden")
        assert answer.json()["detail"] == f"{OFF}. Turn ALLOW_CRM_WRITES on, then release it."
        assert answer.json()["context"]["because"] == OFF
    assert await count_of(database, tenant_id, Job) == 0
    assert (await listed(client, callers))["items"][0]["release"] is None


async def test_a_stop_forbids_every_release(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, effect)
    assert (await listed(client, callers))["items"][0]["is_releasable"]
    await client.post("/api/admin/emergency-stop", headers=callers.operate)
    (item,) = (await listed(client, callers))["items"]
    assert (item["is_releasable"], item["released_when"]) == (False, "Lift the stop, then release it.")
    answer = await client.post(f"/api/effects/{effect.id}/release", headers=callers.operate)
    assert (answer.status_code, answer.json()["context"]["because"]) == (409, "the kill switch is set")


async def test_pages_go_from_the_oldest_to_the_newest(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effects = [held(tenant_id, minute) for minute in range(5)]
    await store(database, *reversed(effects))
    first = await listed(client, callers, limit="3")
    second = await listed(client, callers, limit="3", cursor=first["next_cursor"])
    assert [item["id"] for page in (first, second) for item in page["items"]] == [str(one.id) for one in effects]
    assert second["next_cursor"] is None


async def test_one_write_is_released_by_a_job_of_its_own(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, effect)
    answer = await client.post(f"/api/effects/{effect.id}/release", headers=callers.operate)
    assert (answer.status_code, answer.json()["status"]) == (202, "release_requested")
    status = await client.get(answer.json()["status_url"], headers=callers.read)
    assert status.json()["status"] == "PENDING"
    (item,) = (await listed(client, callers))["items"]
    assert item["release"]["requested_by"] == "api_key:mara"
    assert item["release"]["ended_at"] is None


async def test_a_batch_is_released_as_it_was_reviewed(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    await store(database, *(held(tenant_id, minute) for minute in range(3)), held(tenant_id, 4, kind="mail.send_draft"))
    page = await listed(client, callers)
    ids = [item["id"] for item in page["items"] if item["is_releasable"]]
    assert len(ids) == 3
    body = {"ids": ids, "reviewed": page["reviewed"]}
    answer = await client.post("/api/effects/release", headers=callers.operate, json=body)
    assert (answer.status_code, answer.json()["ids"]) == (202, ids)


async def test_a_part_of_a_page_is_released_by_the_digests_of_its_items(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    await store(database, *(held(tenant_id, minute) for minute in range(3)))
    chosen = (await listed(client, callers))["items"][1:]
    body = {
        "ids": [item["id"] for item in chosen],
        "reviewed": digest_of_review(item["digest"] for item in chosen),
    }
    assert (await client.post("/api/effects/release", headers=callers.operate, json=body)).status_code == 202


async def test_what_changed_since_it_was_shown_is_not_released(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, effect)
    page = await listed(client, callers)
    async with database.transaction(tenant_id) as session:
        again = await session.get(Effect, (tenant_id, effect.id))
        assert again is not None
        again.payload = {**again.payload, "subject": "Something else"}
        await session.flush()
    body = {"ids": [str(effect.id)], "reviewed": page["reviewed"]}
    answer = await client.post("/api/effects/release", headers=callers.operate, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "review_outdated")
    assert await count_of(database, tenant_id, Job) == 0


@pytest.mark.parametrize("door", ["release", "cancel"])
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"status": "done"}, 409, "effect_not_held"),
        ({"expires_at": BEGAN}, 409, "effect_not_held"),
        ({"kind": "mail.send_draft"}, 409, "released_elsewhere"),
    ],
    ids=["made", "held too long", "a mail"],
)
async def test_what_is_not_held_here_is_neither_released_nor_given_up(
    client: httpx2.AsyncClient,
    callers: Callers,
    database: Database,
    tenant_id: UUID,
    door: str,
    changes: dict,
    status: int,
    code: str,
):
    effect = held(tenant_id, **changes)
    await store(database, effect)
    answer = await client.post(f"/api/effects/{effect.id}/{door}", headers=callers.operate)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_write_that_is_given_up_is_closed(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, effect)
    answer = await client.post(f"/api/effects/{effect.id}/cancel", headers=callers.operate)
    assert answer.json() == {"status": "cancelled", "id": str(effect.id)}
    assert (await listed(client, callers))["items"] == []
    assert len((await listed(client, callers, status="cancelled"))["items"]) == 1
    again = await client.post(f"/api/effects/{effect.id}/cancel", headers=callers.operate)
    assert again.status_code == 409


async def test_another_tenant_sees_and_touches_nothing(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    effect = held(tenant_id)
    await store(database, effect)
    page = await client.get("/api/effects", headers=callers.stranger)
    assert page.json()["items"] == []
    body = {"ids": [str(effect.id)], "reviewed": ""}
    doors = [("POST", f"/api/effects/{effect.id}/release", None), ("POST", f"/api/effects/{effect.id}/cancel", None)]
    doors += [("GET", f"/api/effects/{effect.id}", None), ("POST", "/api/effects/release", body)]
    for method, path, sent in doors:
        answer = await client.request(method, path, headers=callers.stranger, json=sent)
        assert (answer.status_code, answer.json()["code"]) == (404, "effect_not_found")


async def test_who_may_only_read_may_not_release(client: httpx2.AsyncClient, callers: Callers):
    for door in (f"{new_id()}/release", f"{new_id()}/cancel"):
        assert (await client.post(f"/api/effects/{door}", headers=callers.read)).status_code == 403
