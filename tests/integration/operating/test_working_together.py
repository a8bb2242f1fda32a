"""Claims, assignments, notes, and what a caller is offered: several people, one list of drafts."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.factories.access import make_user
from tests.factories.operating import Operators, events_of, key_of, waiting_draft
from tests.factories.store import store


async def test_a_claim_is_seen_by_the_others_and_renewed_by_whoever_has_it(
    operators: Operators, database: Database, tenant_id: UUID, clock_file: Path
):
    draft = await waiting_draft(database, tenant_id)
    first = (await operators.post(draft.draft_id, "claim")).json()

    refused = await operators.post(draft.draft_id, "claim", by="ole")
    not_theirs = await operators.post(draft.draft_id, "release_claim", by="ole")
    clock_file.write_text("100")
    renewed = (await operators.post(draft.draft_id, "claim")).json()

    assert (first["claimed_by"], (await operators.shown(draft.draft_id))["claimed_by"]) == ("api_key:mara",) * 2
    assert [(answer.status_code, answer.json()["code"]) for answer in (refused, not_theirs)] == [
        (409, "draft_claimed_by_another")
    ] * 2
    assert refused.json()["context"] == {
        "claimed_by": "api_key:mara",
        "claimed_until": first["claimed_until"].replace("Z", "+00:00"),
    }
    assert renewed["claimed_until"] > first["claimed_until"]
    claims = [
        event for event in await events_of(database, tenant_id, draft.draft_id) if event.action == "draft.claimed"
    ]
    assert len(claims) == 1


async def test_a_claim_locks_nothing_and_ends_after_two_minutes(
    operators: Operators, database: Database, tenant_id: UUID, clock_file: Path
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "claim")

    assert (await operators.post(draft.draft_id, "approve", by="ole")).status_code == 200
    clock_file.write_text("121")
    assert (await operators.post(draft.draft_id, "claim", by="ole")).json()["claimed_by"] == "api_key:ole"


async def test_a_released_claim_is_free_for_the_next(operators: Operators, database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)
    claimed = (await operators.post(draft.draft_id, "claim")).json()

    released = (await operators.post(draft.draft_id, "release_claim")).json()

    assert "release_claim" in claimed["allowed_actions"]
    assert (released["claimed_by"], "release_claim" in released["allowed_actions"]) == (None, False)
    assert (await operators.post(draft.draft_id, "claim", by="ole")).status_code == 200


async def test_a_draft_is_given_to_a_user_who_may_decide_and_to_nobody_else(
    operators: Operators, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    operator, viewer = make_user(tenant_id, role=Role.OPERATOR), make_user(tenant_id, role=Role.VIEWER)
    stranger = make_user(other_tenant_id, role=Role.OWNER)
    gone = make_user(tenant_id, role=Role.OPERATOR, disabled_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    await store(database, operator, viewer, gone)
    await store(database, stranger)

    given = await operators.post(draft.draft_id, "assign", {"user_id": str(operator.id)})
    refused = [
        await operators.post(draft.draft_id, "assign", {"user_id": str(user_id)})
        for user_id in (viewer.id, stranger.id, new_id())
    ]
    ended = await operators.post(draft.draft_id, "assign", {"user_id": str(gone.id)})
    taken = await operators.post(draft.draft_id, "assign", {"user_id": None})

    assert given.json()["assigned_to"] == str(operator.id)
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(400, "assignee_unknown")}
    assert (ended.status_code, ended.json()["code"]) == (400, "assignee_disabled")
    assert taken.json()["assigned_to"] is None


async def test_notes_are_shown_newest_first_and_never_change_the_draft(
    operators: Operators, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    await operators.post(draft.draft_id, "note", {"text": "She called."})
    await operators.post(draft.draft_id, "note", {"text": "Call back\nat 5."}, by="ole")

    shown = await operators.shown(draft.draft_id)

    assert [(note["author"], note["text"]) for note in shown["notes"]] == [
        ("api_key:ole", "Call back\nat 5."),
        ("api_key:mara", "She called."),
    ]
    assert (shown["state"], shown["version"]) == ("needs_review", 1)
    assert (await operators.post(draft.draft_id, "note", {"text": ""})).status_code == 422


@pytest.mark.parametrize("scope", [Scope.READ, Scope.DEMO])
async def test_who_may_not_operate_is_offered_nothing_and_refused_everything(
    operators: Operators, database: Database, tenant_id: UUID, scope: Scope
):
    draft = await waiting_draft(database, tenant_id)
    headers = await key_of(database, tenant_id, "vic", scope)

    answers = [
        await operators.client.post(f"/api/operator/drafts/{draft.draft_id}/{action}", headers=headers)
        for action in ("approve", "send", "claim", "cancel", "regenerate")
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "scope_missing")}
    if scope is Scope.READ:
        seen = (await operators.client.get("/api/drafts", headers=headers)).json()["items"]
        assert [item["allowed_actions"] for item in seen] == [[]]
    mine = (await operators.client.get("/api/drafts", headers=operators.mara)).json()["items"]
    assert {"approve", "reject", "edit"} <= set(mine[0]["allowed_actions"])
