"""The table of moves: complete, without ways round a person, and without a way back from what was said."""

import itertools

import pytest

from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.states import (
    MOVES,
    DraftMoveNotAllowed,
    Mover,
    allowed_moves,
    may_move,
    move_between,
)

FINAL = {DraftState.SENT, DraftState.SUPERSEDED}


def test_each_move_stands_in_the_table_once():
    ends = [(move.before, move.after) for move in MOVES]

    assert len(ends) == len(set(ends))


def test_every_state_can_be_reached_and_all_but_final_ones_can_be_left():
    assert {move.after for move in MOVES} == set(DraftState)
    assert {state for state in DraftState if not allowed_moves(state)} == FINAL


def test_a_name_always_leads_to_the_same_state():
    by_name = {move.name: move.after for move in MOVES}

    assert all(by_name[move.name] is move.after for move in MOVES)


def test_only_a_person_approves_and_rejects():
    for name in ("approve", "reject", "snooze", "reopen"):
        assert {move.movers for move in MOVES if move.name == name} == {frozenset({Mover.OPERATOR})}


def test_only_the_house_says_that_something_was_sent():
    for state in (DraftState.SENDING, DraftState.SENT, DraftState.UNKNOWN, DraftState.SIMULATED):
        assert all(move.movers == {Mover.SYSTEM} for move in MOVES if move.after is state)


def test_nothing_is_sent_without_being_claimed_and_nothing_claimed_without_being_queued():
    assert {move.before for move in MOVES if move.after is DraftState.SENDING} == {DraftState.QUEUED}
    ours = {move.before for move in MOVES if move.after is DraftState.SENT and move.name != "notice_sent"}
    assert ours == {DraftState.SENDING, DraftState.UNKNOWN}


def test_no_way_leads_from_a_blocked_draft_to_a_send_without_new_words_or_a_look_at_its_findings():
    """Past new words (drafting) and past the states in which an approval looks at the findings, there is no way."""
    looked_at = {DraftState.DRAFTING, DraftState.NEEDS_REVIEW, DraftState.SNOOZED}
    reached, ways = {DraftState.BLOCKED}, [DraftState.BLOCKED]
    while ways:
        after = {move.after for move in allowed_moves(ways.pop()) if move.name != "notice_sent"} - looked_at - reached
        reached |= after
        ways += after

    assert reached.isdisjoint({DraftState.APPROVED, DraftState.AUTO_APPROVED, DraftState.QUEUED, DraftState.SENDING})


def test_a_blocked_draft_cannot_be_approved_or_queued():
    assert not may_move(DraftState.BLOCKED, DraftState.APPROVED)
    assert not may_move(DraftState.BLOCKED, DraftState.QUEUED)
    assert not may_move(DraftState.BLOCKED, DraftState.NEEDS_REVIEW)


def test_what_may_have_been_sent_is_never_queued_again():
    assert {move.after for move in allowed_moves(DraftState.UNKNOWN)} == {
        DraftState.SENT,
        DraftState.SEND_FAILED,
        DraftState.HELD,
    }
    assert not may_move(DraftState.UNKNOWN, DraftState.QUEUED)
    assert not may_move(DraftState.SENDING, DraftState.QUEUED, Mover.OPERATOR)


def test_a_move_that_is_not_in_the_table_is_refused_for_everybody():
    allowed = {(move.before, move.after) for move in MOVES}

    for before, after in itertools.product(DraftState, DraftState):
        if (before, after) not in allowed:
            assert not may_move(before, after)
            with pytest.raises(DraftMoveNotAllowed):
                move_between(before, after, Mover.OPERATOR)


def test_a_move_of_the_house_is_refused_to_a_person():
    assert may_move(DraftState.QUEUED, DraftState.SENDING, Mover.SYSTEM)
    assert not may_move(DraftState.QUEUED, DraftState.SENDING, Mover.OPERATOR)
    with pytest.raises(DraftMoveNotAllowed):
        move_between(DraftState.QUEUED, DraftState.SENDING, Mover.OPERATOR)
