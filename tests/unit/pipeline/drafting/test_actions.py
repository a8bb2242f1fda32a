"""What a caller is offered: by the state, by what was found, by who they are."""

import pytest

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.drafting.actions import (
    Caller,
    DraftAction,
    allowed_actions,
    possible_actions,
    require_action,
    waiting_state,
)
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.states import DraftMoveNotAllowed
from tests.factories.pipeline import make_draft

MARA = Caller("user:mara", may_operate=True)
VIEWER = Caller("user:vic", may_operate=False)
ALWAYS = {"assign", "claim", "note"}


def a_draft(state: DraftState, **changes: object) -> Draft:
    return make_draft(new_id(), new_id(), **{"state": state, "run_id": new_id(), **changes})


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("drafting", {"cancel"}),
        ("needs_review", {"approve", "edit", "regenerate", "reject", "snooze", "cancel"}),
        ("blocked", {"edit", "regenerate", "reject", "snooze", "cancel"}),
        ("auto_approved", {"approve", "send", "undo", "edit", "regenerate", "reject", "snooze", "cancel"}),
        ("approved", {"send", "undo", "edit", "regenerate", "reject", "cancel"}),
        ("queued", {"undo", "cancel"}),
        ("sending", set()),
        ("held", {"approve", "send", "undo", "edit", "regenerate", "reject", "cancel"}),
        ("send_failed", {"approve", "send", "undo", "edit", "regenerate", "reject", "cancel"}),
        ("snoozed", {"approve", "wake", "edit", "regenerate", "reject", "cancel"}),
        ("rejected", {"reopen", "edit", "regenerate"}),
        ("expired", {"reopen", "edit", "regenerate"}),
        ("simulated", {"reopen", "edit", "regenerate"}),
        ("cancelled", {"reopen"}),
        ("unknown", set()),
    ],
)
def test_a_state_offers_the_actions_that_its_moves_allow(state: str, offered: set[str]):
    assert set(allowed_actions(a_draft(DraftState(state)), MARA)) == offered | ALWAYS


@pytest.mark.parametrize("state", ["sent", "superseded"])
def test_about_what_is_over_a_note_is_all_that_may_be_left(state: str):
    assert possible_actions(a_draft(DraftState(state))) == (DraftAction.NOTE,)


def test_who_may_only_read_is_offered_nothing():
    assert [allowed_actions(a_draft(state), VIEWER) for state in DraftState] == [()] * len(DraftState)


def test_a_claim_is_released_by_whoever_has_it():
    theirs = a_draft(DraftState.NEEDS_REVIEW, claimed_by="user:mara")

    assert DraftAction.RELEASE_CLAIM in allowed_actions(theirs, MARA)
    assert DraftAction.RELEASE_CLAIM not in allowed_actions(theirs, Caller("user:ole", may_operate=True))


def test_only_the_draft_of_a_run_can_be_written_anew():
    assert DraftAction.REGENERATE not in possible_actions(a_draft(DraftState.NEEDS_REVIEW, run_id=None))


def test_a_refusal_says_what_is_possible_instead():
    with pytest.raises(DraftMoveNotAllowed) as raised:
        require_action(a_draft(DraftState.QUEUED), DraftAction.APPROVE)

    assert raised.value.context["state"] == "queued"
    assert "undo" in raised.value.context["possible"]
    assert "release_claim" not in raised.value.context["possible"]


def test_a_refusal_offers_to_release_a_claim_where_there_is_one():
    with pytest.raises(DraftMoveNotAllowed) as raised:
        require_action(a_draft(DraftState.QUEUED, claimed_by="user:mara"), DraftAction.APPROVE)

    assert "release_claim" in raised.value.context["possible"]


@pytest.mark.parametrize(("worst", "state"), [("block", "blocked"), ("warn", "needs_review"), (None, "needs_review")])
def test_what_a_finding_blocks_waits_as_blocked(worst: str | None, state: str):
    assert waiting_state(a_draft(DraftState.SNOOZED, worst_severity=worst)) == state
