"""An approval is of exactly the words somebody read, to this recipient, in this world; and there is one of it."""

import asyncio
from uuid import UUID

from sales_agent.content import Severity
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.fingerprint import world_of
from sales_agent.pipeline.drafting.models import DraftState
from tests.factories.deciding import OURS, REPLY, with_messages
from tests.factories.drafting import (
    BLOCK,
    CONTENT,
    WARNING,
    checked_draft,
    make_new_draft,
    moved,
    saved,
    stored_contact,
)
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


async def test_an_approval_binds_words_recipient_and_world(operators: Operators, database: Database, tenant_id: UUID):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    draft = await waiting_draft(
        database, tenant_id, WARNING, contact_id=contact_id, to_address="Ada+shop@fabrikam.example", thread_id="t-1"
    )

    answer = await operators.post(draft.draft_id, "approve", {"note": "fine", "approved_by": "The Boss"})

    shown = answer.json()
    assert (answer.status_code, shown["state"], shown["status"]) == (200, "approved", "APPROVED")
    assert (shown["approved_by"], shown["approved_version"]) == ("api_key:mara", 1)
    assert shown["allowed_actions"][:2] == ["send", "edit"]
    [approval] = await approvals_of(database, tenant_id, draft.draft_id)
    assert (approval.draft_version, approval.body_hash, approval.recipient, approval.actor) == (
        1,
        draft.body_hash,
        "ada@fabrikam.example",
        "api_key:mara",
    )
    world = world_of(approval.world)
    assert (world.recipient, world.thread_id, world.thread_head) == ("ada@fabrikam.example", "t-1", "m-2")
    assert world.slots == ("2026-11-24T10:00:00+01:00/2026-11-24T10:30:00+01:00",)
    [decision] = await decisions_of(database, tenant_id, draft.draft_id)
    assert (decision.kind, decision.draft_version, decision.actor, decision.note) == (
        "approve",
        1,
        "api_key:mara",
        "fine",
    )


async def test_the_words_read_may_be_named_by_tag_by_version_or_by_digest(
    operators: Operators, database: Database, tenant_id: UUID
):
    by_tag, by_version, by_digest = [await waiting_draft(database, tenant_id) for _ in range(3)]
    seen = await operators.client.get(f"/api/drafts/{by_tag.draft_id}", headers=operators.mara)

    answers = [
        await operators.post(by_tag.draft_id, "approve", if_match=seen.headers["ETag"]),
        await operators.post(by_version.draft_id, "approve", {"version": 1}),
        await operators.post(by_digest.draft_id, "approve", {"body_hash": by_digest.body_hash}),
    ]

    assert seen.headers["ETag"] == seen.json()["etag"] == f'"v1-{by_tag.body_hash[:12]}"'
    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_words_that_were_changed_since_are_answered_with_who_and_when(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    read = (await operators.shown(draft.draft_id))["etag"]
    await operators.post(draft.draft_id, "edit", {"body": in_words(("You asked", "You have asked"))}, by="ole")

    refused = [
        await operators.post(draft.draft_id, "approve", if_match=read),
        await operators.post(draft.draft_id, "approve", {"version": 1, "send": True}),
        await operators.post(draft.draft_id, "reject", {"reason": "tone", "body_hash": draft.body_hash}),
        await operators.post(draft.draft_id, "edit", {"subject": "Other", "version": 1}),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(412, "draft_changed")}
    context = refused[0].json()["context"]
    assert (context["version"], context["changed_by"]) == (2, "api_key:ole")
    assert context["changed_at"].startswith("20")
    assert context["etag"] == (await operators.shown(draft.draft_id))["etag"]
    assert await approvals_of(database, tenant_id, draft.draft_id) == []
    accepted = await operators.post(draft.draft_id, "approve", if_match=context["etag"])
    assert (accepted.status_code, accepted.json()["approved_version"]) == (200, 2)


async def test_words_that_the_draft_never_had_are_not_called_changed(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)

    refused = [
        await operators.post(draft.draft_id, "approve", if_match="W/made-up"),
        await operators.post(draft.draft_id, "approve", if_match='"v1-000000000000"'),
        await operators.post(draft.draft_id, "approve", {"version": 7}),
        await operators.post(draft.draft_id, "approve", {"body_hash": "f" * 64}),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(412, "words_unknown")}
    etag = (await operators.shown(draft.draft_id))["etag"]
    assert refused[0].json()["context"] == {"version": 1, "etag": etag}
    assert await approvals_of(database, tenant_id, draft.draft_id) == []


async def test_of_two_people_who_approve_at_once_one_does(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)

    answers = await asyncio.gather(
        *(operators.post(draft.draft_id, "approve", {"send": True}, by=name) for name in ("mara", "ole"))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "draft_move_not_allowed"
    assert refused["context"]["state"] == "queued"
    assert "undo" in refused["context"]["possible"]
    assert len(await approvals_of(database, tenant_id, draft.draft_id)) == 1
    assert len(await decisions_of(database, tenant_id, draft.draft_id)) == 1
    assert len(await jobs_of(database, tenant_id, draft.draft_id)) == 1


async def test_what_a_finding_blocks_cannot_be_approved_and_the_answer_says_what_is_found(
    operators: Operators, database: Database, tenant_id: UUID
):
    blocked = await checked_draft(database, tenant_id, BLOCK, WARNING)
    await moved(database, tenant_id, blocked.draft_id, DraftState.BLOCKED)

    first = await operators.post(blocked.draft_id, "approve")
    await operators.post(blocked.draft_id, "reject", {"reason": "legal"})
    reopened = await operators.post(blocked.draft_id, "reopen")

    assert (first.status_code, first.json()["code"]) == (409, "draft_has_blocking_findings")
    assert first.json()["context"]["findings"] == [
        {"check": "promises", "code": "guarantee", "message": BLOCK.message, "fix": BLOCK.fix}
    ]
    assert reopened.json()["state"] == "blocked"
    assert BLOCK.severity is Severity.BLOCK


async def test_words_that_were_never_checked_cannot_be_approved(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))
    await moved(database, tenant_id, draft.draft_id, DraftState.NEEDS_REVIEW)

    answer = await operators.post(draft.draft_id, "approve")

    assert (answer.status_code, answer.json()["code"]) == (409, "draft_not_checked")


async def test_every_action_is_on_record_and_no_record_holds_words(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "note", {"text": "Ada called twice"})
    await operators.post(draft.draft_id, "approve", {"note": "Ada is nice"})
    await operators.post(draft.draft_id, "snooze", {"until": "2026-01-01T00:00:00Z"})
    await operators.post(draft.draft_id, "undo")
    await operators.post(draft.draft_id, "reject", {"reason": "other", "text": "Ada is gone"})

    events = await events_of(database, tenant_id, draft.draft_id)

    told = [(event.action, event.facts.get("code") or event.facts.get("kind")) for event in events]
    assert told[2:] == [
        ("draft.noted", None),
        ("draft.approved", None),
        ("approval.granted", None),
        ("draft.decided", "approve"),
        ("draft.action_refused", "snooze_time_invalid"),
        ("approval.voided", None),
        ("draft.needs_review", None),
        ("send.taken_back", None),
        ("draft.rejected", None),
        ("draft.decided", "reject"),
    ]
    assert {event.actor for event in events[2:]} == {"api_key:mara"}
    assert not [event for event in events if "Ada" in str(event.facts) or CONTENT.subject in str(event.facts)]


async def test_a_draft_of_another_tenant_does_not_exist_whatever_is_asked(
    operators: Operators, database: Database, other_tenant_id: UUID
):
    theirs = await waiting_draft(database, other_tenant_id)
    bodies: dict[str, object] = {
        "reject": {"reason": "tone"},
        "edit": {"subject": "Mine"},
        "snooze": {"until": "2027-01-01T00:00:00Z"},
        "assign": {"user_id": None},
        "note": {"text": "Seen"},
    }
    actions = ["approve", "send", "undo", "regenerate", "wake", "cancel", "reopen", "claim", "release_claim", *bodies]

    answers = [await operators.post(theirs.draft_id, action, bodies.get(action)) for action in actions]
    looked = await operators.client.get(f"/api/operator/drafts/{theirs.draft_id}", headers=operators.mara)

    assert {(answer.status_code, answer.json()["code"]) for answer in [*answers, looked]} == {(404, "draft_not_found")}
    assert (await operators.client.get("/api/operator/drafts/pending", headers=operators.mara)).json() == []
    left = await stored_draft(database, other_tenant_id, theirs.draft_id)
    assert (left.state, left.version, left.claimed_by) == ("needs_review", 1, None)


async def test_a_draft_that_is_not_there_is_a_problem_with_a_code(operators: Operators):
    answer = await operators.post(new_id(), "approve")

    assert (answer.status_code, answer.json()["code"]) == (404, "draft_not_found")
    assert answer.headers["content-type"].startswith("application/problem+json")
