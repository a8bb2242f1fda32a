"""An approved draft joins the queue, and can be taken back until its send begins."""

import datetime as dt
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.approvals import valid_approval
from sales_agent.pipeline.approval.outgoing import ApprovalMissing, queue_send
from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from tests.factories.drafting import checked_draft, moved
from tests.factories.operating import Operators, approvals_of, jobs_of, stored_draft, waiting_draft


async def test_approve_and_send_queues_one_send_after_the_time_to_undo(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)

    shown = (await operators.post(draft.draft_id, "approve", {"send": True})).json()

    [job] = await jobs_of(database, tenant_id, draft.draft_id)
    assert (shown["state"], job.kind, job.state, job.unique_key) == (
        "queued",
        "sending.send_draft",
        "due",
        f"send:{draft.draft_id}",
    )
    assert dt.datetime.fromisoformat(shown["send_at"]) == job.next_run_at
    assert job.next_run_at - job.created_at == dt.timedelta(seconds=10)
    assert (await operators.shown(draft.draft_id))["send_at"] == shown["send_at"]


async def test_what_was_approved_can_be_sent_later_and_what_was_not_cannot(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)

    too_early = await operators.post(draft.draft_id, "send")
    await operators.post(draft.draft_id, "approve")
    sent = await operators.post(draft.draft_id, "send", {"version": 1})
    again = await operators.post(draft.draft_id, "send")

    assert (too_early.status_code, too_early.json()["code"]) == (409, "draft_move_not_allowed")
    assert (sent.status_code, sent.json()["state"]) == (200, "queued")
    assert again.status_code == 409


async def test_undo_ends_the_approval_and_the_send_never_begins(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve", {"send": True})

    shown = (await operators.post(draft.draft_id, "undo", by="ole")).json()

    [approval] = await approvals_of(database, tenant_id, draft.draft_id)
    [job] = await jobs_of(database, tenant_id, draft.draft_id)
    assert (shown["state"], shown["approved_by"], shown["send_at"]) == ("needs_review", None, None)
    assert (approval.voided_because, approval.voided_at is not None) == ("taken back", True)
    assert job.state == "cancelled"


async def test_a_second_queueing_waits_its_full_time_whatever_became_of_the_first(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    for _ in range(2):
        await operators.post(draft.draft_id, "approve", {"send": True})
        await operators.post(draft.draft_id, "undo")
    await operators.post(draft.draft_id, "approve", {"send": True})

    jobs = await jobs_of(database, tenant_id, draft.draft_id)

    assert [job.state for job in jobs] == ["cancelled", "cancelled", "due"]
    assert jobs[-1].next_run_at - jobs[-1].created_at == dt.timedelta(seconds=10)


async def test_a_worker_that_is_just_letting_go_of_the_old_job_loses_no_new_send(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve", {"send": True})
    [first] = await jobs_of(database, tenant_id, draft.draft_id)
    async with database.transaction(tenant_id) as session:
        running = await session.get(type(first), (tenant_id, first.id))
        assert running is not None
        running.state = "running"
        await session.flush()
    await operators.post(draft.draft_id, "undo")

    await operators.post(draft.draft_id, "approve", {"send": True})

    assert [job.state for job in await jobs_of(database, tenant_id, draft.draft_id)] == ["running", "due"]


async def test_once_the_send_has_begun_it_is_too_late(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve", {"send": True})
    await moved(database, tenant_id, draft.draft_id, DraftState.SENDING)

    for action in ("undo", "cancel", "edit", "reject"):
        body = {"edit": {"subject": "Other"}, "reject": {"reason": "tone"}}.get(action)
        answer = await operators.post(draft.draft_id, action, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "draft_move_not_allowed"), action

    assert (await stored_draft(database, tenant_id, draft.draft_id)).state == "sending"
    [approval] = await approvals_of(database, tenant_id, draft.draft_id)
    assert approval.voided_at is None


async def test_a_state_alone_sends_nothing_without_an_approval_of_these_very_words(database: Database, tenant_id: UUID):
    draft = await checked_draft(database, tenant_id)
    await moved(database, tenant_id, draft.draft_id, DraftState.AUTO_APPROVED)

    with pytest.raises(ApprovalMissing):
        async with database.transaction(tenant_id) as session:
            await queue_send(session, tenant_id, draft.draft_id, actor="system", delay_seconds=0)

    assert (await stored_draft(database, tenant_id, draft.draft_id)).state == "auto_approved"


async def test_an_approval_does_not_fit_other_words_or_another_address(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve")

    async with database.transaction(tenant_id) as session:
        assert await valid_approval(session, tenant_id, draft.draft_id) is not None
        drafts = DraftRepository(session, tenant_id)
        await drafts.change(draft.draft_id, to_address="eve@fabrikam.example")
    with pytest.raises(ApprovalMissing):
        async with database.transaction(tenant_id) as session:
            await queue_send(session, tenant_id, draft.draft_id, actor="user:x", delay_seconds=0)
    async with database.transaction(tenant_id) as session:
        await DraftRepository(session, tenant_id).add_version(
            draft.draft_id,
            2,
            subject="Other",
            body="Other",
            body_hash="f" * 64,
            content={},
            author="user:x",
            model="",
            prompt_version="",
            pipeline_version="",
        )
        await DraftRepository(session, tenant_id).change(draft.draft_id, version=2)
        assert await valid_approval(session, tenant_id, draft.draft_id) is None


async def test_a_held_draft_can_be_sent_again_on_the_same_approval(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve", {"send": True})
    async with database.transaction(tenant_id) as session:
        await set_state(session, tenant_id, draft.draft_id, DraftState.HELD, reason="real sends are off")

    shown = (await operators.post(draft.draft_id, "send")).json()

    assert (shown["state"], len(await approvals_of(database, tenant_id, draft.draft_id))) == ("queued", 1)
