"""The same request under the same key is answered the same, and nothing is done twice."""

import asyncio
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.models import IdempotentRequest
from tests.factories.operating import (
    Operators,
    approvals_of,
    decisions_of,
    jobs_of,
    key_of,
    stored_draft,
    waiting_draft,
)
from tests.factories.store import count_of


async def test_the_same_request_again_is_answered_the_same_and_not_done_again(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    body = {"send": True, "version": 1}

    first = await operators.post(draft.draft_id, "approve", body, idempotency_key="k-1")
    await operators.post(draft.draft_id, "undo")
    again = await operators.post(draft.draft_id, "approve", body, idempotency_key="k-1")

    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (await stored_draft(database, tenant_id, draft.draft_id)).state == "needs_review"
    assert len(await approvals_of(database, tenant_id, draft.draft_id)) == 1


async def test_the_same_request_five_times_at_once_is_done_once(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)

    answers = await asyncio.gather(
        *(operators.post(draft.draft_id, "approve", {"send": True}, idempotency_key="k-1") for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert len(await approvals_of(database, tenant_id, draft.draft_id)) == 1
    assert len(await decisions_of(database, tenant_id, draft.draft_id)) == 1
    assert len(await jobs_of(database, tenant_id, draft.draft_id)) == 1


async def test_a_key_serves_one_request_of_one_caller(operators: Operators, database: Database, tenant_id: UUID):
    draft, other = await waiting_draft(database, tenant_id), await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "note", {"text": "One."}, idempotency_key="k-1")

    answers = [
        await operators.post(draft.draft_id, "note", {"text": "Two."}, idempotency_key="k-1"),
        await operators.post(other.draft_id, "note", {"text": "One."}, idempotency_key="k-1"),
        await operators.post(draft.draft_id, "note", {"text": "One."}, idempotency_key="k-1", if_match="v1-0"),
        await operators.post(draft.draft_id, "claim", idempotency_key="k-1"),
        await operators.post(draft.draft_id, "note", {"text": "One."}, by="ole", idempotency_key="k-1"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "idempotency_key_reused")}
    assert len((await operators.shown(draft.draft_id))["notes"]) == 1


async def test_a_refusal_keeps_no_key(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)

    refused = await operators.post(draft.draft_id, "send", idempotency_key="k-1")
    await operators.post(draft.draft_id, "approve")
    sent = await operators.post(draft.draft_id, "send", idempotency_key="k-1")

    assert (refused.status_code, sent.status_code) == (409, 200)
    assert await count_of(database, tenant_id, IdempotentRequest) == 1


async def test_another_tenant_may_use_the_same_key(
    operators: Operators, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    mine, theirs = await waiting_draft(database, tenant_id), await waiting_draft(database, other_tenant_id)
    stranger = await key_of(database, other_tenant_id, "mara")
    await operators.post(mine.draft_id, "approve", idempotency_key="k-1")

    answer = await operators.client.post(
        f"/api/operator/drafts/{theirs.draft_id}/approve", headers={**stranger, "Idempotency-Key": "k-1"}
    )

    assert (answer.status_code, answer.json()["id"]) == (200, str(theirs.draft_id))


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_of_no_use_is_refused(operators: Operators, database: Database, tenant_id: UUID, key: str):
    draft = await waiting_draft(database, tenant_id)

    answer = await operators.post(draft.draft_id, "claim", idempotency_key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")
