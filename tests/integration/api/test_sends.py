"""The doors to sends: what became of each, what the limits leave, and the answer to whether a mail arrived."""

from uuid import UUID

import httpx2

from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.sending.models import Send
from tests.factories.drafting import checked_draft
from tests.factories.store import store
from tests.integration.api.conftest import Callers


async def held_send(database: Database, tenant_id: UUID) -> Send:
    draft = await checked_draft(database, tenant_id)
    send = Send(
        tenant_id=tenant_id,
        id=new_id(),
        draft_id=draft.draft_id,
        draft_version=draft.version,
        body_hash=draft.body_hash,
        mailbox="mara@brightpath.example",
        recipient_digest="0" * 64,
        status="held",
        gate="quotas",
        reason="MAX_EMAILS_PER_WEEK (2) is reached",
        release="It goes by itself when there is room, or an admin raises the limit.",
    )
    await store(database, send)
    return send


async def test_a_held_send_says_why_and_what_would_release_it(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    send = await held_send(database, tenant_id)

    shown = (await client.get("/api/sends", params={"status": "held"}, headers=callers.read)).json()
    strangers = (await client.get("/api/sends", headers=callers.stranger)).json()

    assert [(row["id"], row["gate"], row["release"]) for row in shown["items"]] == [
        (str(send.id), "quotas", send.release)
    ]
    assert strangers["items"] == []


async def test_the_quota_tells_what_is_left_under_the_names_clients_know(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.get("/api/operator/quota/ada@fabrikam.example", headers=callers.read)

    left = answer.json()
    assert (left["remaining_today"], left["remaining_this_week"], left["remaining_for_contact"]) == (20, 2, 2)


async def test_what_is_no_address_has_no_quota(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.get("/api/operator/quota/foo", headers=callers.read)
    assert (answer.status_code, answer.json()["code"]) == (400, "recipient_no_address")


async def test_only_where_somebody_is_asked_there_is_something_to_answer(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    send = await held_send(database, tenant_id)
    path = f"/api/operator/drafts/{send.draft_id}/arrival"

    refused = await client.post(path, json={"arrived": True}, headers=callers.operate)
    stranger = await client.post(path, json={"arrived": True}, headers=callers.stranger)

    assert (refused.status_code, refused.json()["code"]) == (409, "nobody_was_asked")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "draft_not_found")
