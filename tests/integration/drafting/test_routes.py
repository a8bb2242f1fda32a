"""What the API shows of drafts: to those who may read, of their own tenant, page by page."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.pipeline.drafting.models import DraftState
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.controls import make_setting
from tests.factories.drafting import CONTENT, WARNING, checked_draft, moved
from tests.factories.store import store


@pytest.fixture
async def client(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    """A caller who may read."""
    async with serving(database_urls.app, data_dir) as client:
        client.headers.update(await headers_for(database, tenant_id, Scope.READ))
        yield client


async def test_a_draft_is_shown_with_what_each_sentence_stands_on(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    kept = await checked_draft(database, tenant_id, WARNING)
    await moved(database, tenant_id, kept.draft_id, DraftState.NEEDS_REVIEW)

    answer = await client.get(f"/api/drafts/{kept.draft_id}")

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["state"], shown["version"], shown["worst_severity"]) == ("needs_review", 1, "warn")
    assert (shown["subject"], shown["body"], shown["body_hash"]) == (CONTENT.subject, CONTENT.body(), kept.body_hash)
    assert (shown["recipient"]["address"], shown["call_to_action"]) == ("ada@fabrikam.example", "meeting")
    assert [(sentence["type"], sentence["support"]) for sentence in shown["sentences"]] == [
        ("greeting", "n/a"),
        ("claim", "supported"),
        ("call_to_action", "supported"),
        ("sign_off", "n/a"),
    ]
    assert shown["sentences"][1]["evidence"] == [
        {
            "id": "form.message",
            "kind": "form_field",
            "locator": "message",
            "where": "form field message",
            "text": "What are your prices for 40 users?",
        }
    ]
    assert shown["findings"] == [
        {
            "check": "pii",
            "code": "phone",
            "severity": "warn",
            "message": "The body holds a number.",
            "fix": "Remove it.",
            "span": None,
            "sentence": 1,
        }
    ]
    assert shown["omissions"] == ["No earlier mails were found."]
    assert [(version["version"], version["worst_severity"]) for version in shown["versions"]] == [(1, "warn")]
    assert {"name": "approve", "to": "approved"} in shown["allowed_moves"]
    assert not [move for move in shown["allowed_moves"] if move["to"] in {"expired", "superseded"}]


async def test_the_footer_is_shown_as_it_would_be_sent_but_for_the_persons_own_token(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await store(database, make_setting(tenant_id, key="seller_postal_address", value={"value": "Hafenweg 1, Hamburg"}))
    kept = await checked_draft(database, tenant_id)

    below = (await client.get(f"/api/drafts/{kept.draft_id}")).json()["footer"].split("\n")

    assert (below[0], below[1], below[-1]) == ("-- ", "Hafenweg 1, Hamburg", "http://127.0.0.1:8000/u/{token}")


async def test_pages_show_every_draft_once_newest_first_while_others_arrive(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    kept = [(await checked_draft(database, tenant_id)).draft_id for _ in range(5)]

    first = (await client.get("/api/drafts", params={"limit": 2})).json()
    await checked_draft(database, tenant_id)
    second = (await client.get("/api/drafts", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    last = (await client.get("/api/drafts", params={"limit": 2, "cursor": second["next_cursor"]})).json()

    seen = [item["id"] for page in (first, second, last) for item in page["items"]]
    assert seen == [str(draft_id) for draft_id in reversed(kept)]
    assert last["next_cursor"] is None
    assert first["items"][0]["preview"].startswith("Hi Ada, You asked for prices for 40 users.")


async def test_a_list_can_be_narrowed(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    waiting, blocked = await checked_draft(database, tenant_id), await checked_draft(database, tenant_id)
    await moved(database, tenant_id, waiting.draft_id, DraftState.NEEDS_REVIEW)
    await moved(database, tenant_id, blocked.draft_id, DraftState.BLOCKED)

    async def ids(**params: str) -> list[str]:
        return [item["id"] for item in (await client.get("/api/drafts", params=params)).json()["items"]]

    shown = (await client.get(f"/api/drafts/{waiting.draft_id}")).json()
    assert await ids(state="needs_review") == [str(waiting.draft_id)]
    assert await ids(state="blocked") == [str(blocked.draft_id)]
    assert await ids(state="sent") == []
    assert await ids(contact_id=shown["recipient"]["contact_id"]) == [str(waiting.draft_id)]
    assert await ids(run_id=shown["run_id"]) == [str(waiting.draft_id)]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/drafts/01a1fd5e-0246-736c-b353-1e5d5bd1c55c", 404, "draft_not_found"),
        ("/api/drafts?cursor=made-up", 400, "cursor_invalid"),
    ],
)
async def test_what_cannot_be_answered_is_a_problem_with_a_code(
    client: httpx2.AsyncClient, path: str, status: int, code: str
):
    answer = await client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_drafts_of_another_tenant_do_not_exist(
    client: httpx2.AsyncClient, database: Database, other_tenant_id: UUID
):
    theirs = await checked_draft(database, other_tenant_id)

    assert (await client.get(f"/api/drafts/{theirs.draft_id}")).status_code == 404
    assert (await client.get("/api/drafts")).json()["items"] == []


async def test_without_a_key_that_may_read_nothing_is_shown(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    demo = await headers_for(database, tenant_id, Scope.DEMO)

    assert (await client.get("/api/drafts", headers=demo)).status_code == 403
    assert (await client.get("/api/drafts", headers={"Authorization": ""})).status_code == 401
