"""Reject, cancel, reopen, snooze, wake: each move by its door, and each with a way back."""

import datetime as dt
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.operator import RejectReason
from sales_agent.pipeline.drafting.models import DraftState
from tests.factories.drafting import BLOCK, checked_draft, moved
from tests.factories.operating import (
    Operators,
    approvals_of,
    decisions_of,
    jobs_of,
    stored_draft,
    waiting_draft,
)


@pytest.mark.parametrize("reason", RejectReason)
async def test_a_draft_is_rejected_for_a_reason_of_the_list(
    operators: Operators, database: Database, tenant_id: UUID, reason: RejectReason
):
    draft = await waiting_draft(database, tenant_id)

    answer = await operators.post(draft.draft_id, "reject", {"reason": reason, "text": "It is.", "rejected_by": "Bo"})

    [decision] = await decisions_of(database, tenant_id, draft.draft_id)
    assert (answer.json()["state"], answer.json()["rejected_reason"]) == ("rejected", f"{reason}: It is.")
    assert (decision.kind, decision.reason_code, decision.note, decision.actor) == (
        "reject",
        reason,
        "It is.",
        "api_key:mara",
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (None, 422, "request_invalid"),
        ({}, 422, "request_invalid"),
        ({"reason": "because"}, 422, "request_invalid"),
        ({"reason": "other"}, 400, "reject_reason_needs_text"),
        ({"reason": "other", "text": "  "}, 400, "reject_reason_needs_text"),
        ({"reason": "tone", "text": "a" * 2_001}, 413, "text_too_long"),
    ],
)
async def test_without_a_reason_nothing_is_rejected(
    operators: Operators, database: Database, tenant_id: UUID, body: object, status: int, code: str
):
    draft = await waiting_draft(database, tenant_id)

    answer = await operators.post(draft.draft_id, "reject", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await stored_draft(database, tenant_id, draft.draft_id)).state == "needs_review"


async def test_cancelling_ends_the_approval_and_the_queued_send(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve", {"send": True})

    cancelled = await operators.post(draft.draft_id, "cancel", {"note": "They called."})
    reopened = await operators.post(draft.draft_id, "reopen")

    [approval] = await approvals_of(database, tenant_id, draft.draft_id)
    assert (cancelled.json()["state"], cancelled.json()["state_reason"]) == ("cancelled", "They called.")
    assert (approval.voided_because, [job.state for job in await jobs_of(database, tenant_id, draft.draft_id)]) == (
        "cancelled",
        ["cancelled"],
    )
    assert (reopened.json()["state"], reopened.json()["approved_by"]) == ("needs_review", None)


async def test_a_snoozed_draft_sleeps_until_its_time_and_can_be_woken(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).isoformat()

    snoozed = await operators.post(draft.draft_id, "snooze", {"until": until})
    woken = await operators.post(draft.draft_id, "wake")

    assert (snoozed.json()["state"], dt.datetime.fromisoformat(snoozed.json()["snoozed_until"]).isoformat()) == (
        "snoozed",
        until,
    )
    assert (woken.json()["state"], woken.json()["snoozed_until"]) == ("needs_review", None)


async def test_a_blocked_draft_stays_blocked_over_a_snooze(operators: Operators, database: Database, tenant_id: UUID):
    draft = await checked_draft(database, tenant_id, BLOCK)
    await moved(database, tenant_id, draft.draft_id, DraftState.BLOCKED)
    await operators.post(draft.draft_id, "snooze", {"until": "2027-01-01T00:00:00Z"})

    approved = await operators.post(draft.draft_id, "approve")
    woken = await operators.post(draft.draft_id, "wake")

    assert approved.json()["code"] == "draft_has_blocking_findings"
    assert woken.json()["state"] == "blocked"


@pytest.mark.parametrize("days", [-1, 0, 366])
async def test_nobody_sleeps_into_the_past_or_for_ever(
    operators: Operators, database: Database, tenant_id: UUID, days: int
):
    draft = await waiting_draft(database, tenant_id)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)

    answers = [
        await operators.post(draft.draft_id, "snooze", {"until": until.isoformat()}),
        await operators.post(draft.draft_id, "snooze", {"until": "2027-01-01T00:00:00"}),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, "snooze_time_invalid")}


async def test_the_list_for_earlier_clients_is_a_bare_array_of_what_waits(
    operators: Operators, database: Database, tenant_id: UUID
):
    first, second = await waiting_draft(database, tenant_id), await waiting_draft(database, tenant_id)
    blocked = await checked_draft(database, tenant_id, BLOCK)
    await moved(database, tenant_id, blocked.draft_id, DraftState.BLOCKED)

    listed = (await operators.client.get("/api/operator/drafts/pending", headers=operators.mara)).json()

    assert [item["id"] for item in listed] == [str(first.draft_id), str(second.draft_id)]
    assert {item["status"] for item in listed} == {"PENDING_APPROVAL"}
    assert (listed[0]["recipient"], type(listed[0]["metadata"])) == ("ada@fabrikam.example", str)
    assert set(listed[0]) >= {"subject", "body", "created_at", "approved_at", "gmail_draft_id", "company_name"}
