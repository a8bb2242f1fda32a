"""An edit makes a version, judged at once; it ends the approval, and what cannot be edited is refused."""

from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.drafting.models import DraftState
from tests.factories.deciding import OURS, REPLY, decided, with_messages
from tests.factories.drafting import BLOCK, CONTENT, checked_draft, moved
from tests.factories.operating import (
    Operators,
    approvals_of,
    decisions_of,
    events_of,
    in_words,
    jobs_of,
    stored_draft,
    waiting_draft,
)
from tests.factories.pipeline import make_rule
from tests.factories.store import store


async def test_an_edit_is_a_version_of_its_own_and_the_one_before_stays(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)

    answer = await operators.post(
        draft.draft_id, "edit", {"subject": "Prices for you", "body": in_words(("for prices", "about prices"))}
    )

    shown = await operators.shown(draft.draft_id)
    assert (answer.status_code, answer.json()["version"], shown["state"]) == (200, 2, "needs_review")
    assert (shown["subject"], shown["body"]) == ("Prices for you", in_words(("for prices", "about prices")))
    assert answer.headers["ETag"] == shown["etag"]
    assert [(version["version"], version["author"]) for version in shown["versions"]] == [
        (2, "api_key:mara"),
        (1, "draft_writer"),
    ]
    assert [sentence["support"] for sentence in shown["sentences"]] == ["n/a", "supported", "supported", "n/a"]
    assert shown["is_checked"]
    old = (await operators.client.get(f"/api/drafts/{draft.draft_id}/versions/1", headers=operators.mara)).json()
    assert (old["subject"], old["body"], old["body_hash"]) == (CONTENT.subject, CONTENT.body(), draft.body_hash)
    [decision] = await decisions_of(database, tenant_id, draft.draft_id)
    assert (decision.kind, decision.draft_version) == ("edit", 1)


async def test_an_edit_ends_the_approval(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve")

    await operators.post(draft.draft_id, "edit", {"subject": "Prices for you"}, by="ole")

    [approval] = await approvals_of(database, tenant_id, draft.draft_id)
    shown = (await operators.client.get(f"/api/operator/drafts/{draft.draft_id}", headers=operators.mara)).json()
    assert approval.voided_because == "edited"
    assert (shown["state"], shown["approved_by"], shown["approved_version"]) == ("needs_review", None, None)
    assert [decision["kind"] for decision in shown["decisions"]] == ["edit", "approve"]
    assert (await operators.post(draft.draft_id, "send")).status_code == 409


async def test_words_that_the_checks_block_are_kept_and_blocked(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    promise = in_words(("for 40 users.", "for 90 users. See https://evil.example/now"))

    answer = await operators.post(draft.draft_id, "edit", {"body": promise})
    approved = await operators.post(draft.draft_id, "approve")
    mended = await operators.post(draft.draft_id, "edit", {"body": CONTENT.body()})

    shown = await operators.shown(draft.draft_id)
    assert (answer.json()["state"], answer.json()["worst_severity"]) == ("blocked", "block")
    assert approved.json()["code"] == "draft_has_blocking_findings"
    assert (mended.json()["state"], mended.json()["version"], shown["worst_severity"]) == ("needs_review", 3, "warn")


async def test_a_claim_that_nothing_supports_is_shown_as_unsupported_and_blocks(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)

    await operators.post(draft.draft_id, "edit", {"body": in_words(("Hi Ada,", "Hi Ada,\n\nRobots paint fences."))})

    shown = await operators.shown(draft.draft_id)
    assert (shown["sentences"][1]["type"], shown["sentences"][1]["support"]) == ("claim", "unsupported")
    blocking = [finding["code"] for finding in shown["findings"] if finding["severity"] == "block"]
    assert (shown["state"], blocking) == ("blocked", ["claim_without_evidence"])


async def test_a_blocked_draft_is_freed_by_an_edit(operators: Operators, database: Database, tenant_id: UUID):
    draft = await checked_draft(database, tenant_id, BLOCK)
    await moved(database, tenant_id, draft.draft_id, DraftState.BLOCKED)

    answer = await operators.post(draft.draft_id, "edit", {"subject": "Prices for you"})

    assert (answer.json()["state"], answer.json()["worst_severity"]) == ("needs_review", "warn")


async def test_the_same_words_again_change_nothing(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve")

    answer = await operators.post(draft.draft_id, "edit", {"body": CONTENT.body() + "\r\n", "subject": CONTENT.subject})

    assert (answer.json()["version"], answer.json()["state"], answer.json()["approved_version"]) == (1, "approved", 1)
    assert [decision.kind for decision in await decisions_of(database, tenant_id, draft.draft_id)] == ["approve"]


async def test_editing_what_a_rule_approved_is_told_to_the_rules(
    operators: Operators, database: Database, tenant_id: UUID
):
    await store(database, make_rule(tenant_id, mode="on", conditions={"days_lookback": 90}))
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    edited, rejected, undone, slept = [
        await checked_draft(database, tenant_id, contact_id=contact_id) for _ in range(4)
    ]
    for draft in (edited, rejected, undone, slept):
        await decided(database, tenant_id, draft.draft_id)
        [approval] = await approvals_of(database, tenant_id, draft.draft_id)
        assert (approval.actor, approval.rule_type, approval.rule_version) == (
            "rule:replied_before",
            "replied_before",
            1,
        )

    await operators.post(edited.draft_id, "edit", {"subject": "Prices for you"})
    await operators.post(rejected.draft_id, "reject", {"reason": "wrong_person"})
    await operators.post(undone.draft_id, "undo")
    await operators.post(slept.draft_id, "snooze", {"until": "2027-01-01T09:00:00+01:00"})

    told = [await decisions_of(database, tenant_id, draft.draft_id) for draft in (edited, rejected, undone, slept)]
    assert [
        [(one.kind, one.reason_code, one.draft_version, one.log_id is not None) for one in found] for found in told
    ] == [
        [("cancel_auto", "edited", 1, True)],
        [("cancel_auto", "wrong_person", 1, True)],
        [("cancel_auto", "withdrawn", 1, True)],
        [("cancel_auto", "snoozed", 1, True)],
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "nothing_to_edit"),
        ({"body": "Hi", "sentences": [{"text": "Hi"}]}, 400, "nothing_to_edit"),
        ({"body": "   "}, 400, "text_missing"),
        ({"body": "Hi \x00 Ada"}, 400, "text_not_storable"),
        ({"subject": "Prices\r\nBcc: eve@evil.example"}, 400, "text_unusable"),
        ({"body": "a" * 20_001}, 413, "text_too_long"),
        ({"subject": "a" * 201}, 413, "text_too_long"),
        ({"sentences": [{"text": "Hi", "evidence_ids": ["made.up"]}]}, 400, "evidence_unknown"),
        ({"sentences": [{"text": "Hi", "type": "poem"}]}, 422, "request_invalid"),
        ({"body": 7}, 422, "request_invalid"),
    ],
)
async def test_what_is_no_edit_is_refused_with_a_code(
    operators: Operators, database: Database, tenant_id: UUID, body: object, status: int, code: str
):
    draft = await waiting_draft(database, tenant_id)

    answer = await operators.post(draft.draft_id, "edit", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await stored_draft(database, tenant_id, draft.draft_id)).version == 1


@pytest.mark.parametrize("action", ["edit", "note", "reject", "regenerate", "cancel"])
async def test_half_a_surrogate_pair_is_refused_everywhere(
    operators: Operators, database: Database, tenant_id: UUID, action: str
):
    draft = await waiting_draft(database, tenant_id)
    field = {"edit": "body", "note": "text", "reject": "text", "regenerate": "instruction", "cancel": "note"}[action]
    raw = f'{{"reason": "tone", "{field}": "Hi \\ud800 Ada"}}'

    answer = await operators.client.post(
        f"/api/operator/drafts/{draft.draft_id}/{action}",
        content=raw.encode(),
        headers={**operators.mara, "Content-Type": "application/json"},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "text_not_storable")


async def test_recipient_sender_and_headers_are_not_for_editing(
    operators: Operators, database: Database, tenant_id: UUID
):
    reply = await waiting_draft(database, tenant_id, thread_id="t-1", in_reply_to="<1@x.example>")

    subject = await operators.post(reply.draft_id, "edit", {"subject": "Another thread"})
    other = await operators.post(
        reply.draft_id,
        "edit",
        {"body": in_words(("for prices", "about prices")), "to_address": "eve@evil.example", "recipient": "eve"},
    )

    left = await stored_draft(database, tenant_id, reply.draft_id)
    assert (subject.status_code, subject.json()["code"]) == (409, "subject_belongs_to_thread")
    assert other.status_code == 422
    assert (left.to_address, left.thread_id, left.in_reply_to, left.version) == (
        "ada@fabrikam.example",
        "t-1",
        "<1@x.example>",
        1,
    )


async def test_asking_for_other_words_leaves_the_draft_drafting_until_they_come(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "approve")

    answer = await operators.post(draft.draft_id, "regenerate", {"instruction": "Shorter, please"})
    meanwhile = await operators.post(draft.draft_id, "approve")

    [job] = await jobs_of(database, tenant_id, draft.draft_id)
    left = await stored_draft(database, tenant_id, draft.draft_id)
    events = await events_of(database, tenant_id, draft.draft_id)
    assert (answer.json()["state"], left.instruction, left.version) == ("drafting", "Shorter, please", 1)
    assert (job.kind, job.state) == ("workflow.rewrite_draft", "due")
    assert (meanwhile.status_code, answer.json()["approved_by"]) == (409, None)
    assert not [event for event in events if "Shorter" in str(event.facts)]


async def test_an_instruction_has_an_end(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)

    answer = await operators.post(draft.draft_id, "regenerate", {"instruction": "a" * 501})

    assert (answer.status_code, answer.json()["code"]) == (413, "text_too_long")
