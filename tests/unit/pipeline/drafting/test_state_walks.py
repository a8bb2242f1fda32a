"""Random walks over the table of moves: whatever is done in whatever order, what must hold holds."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.states import MOVES, DraftMove, allowed_moves

CONSENTING = {"approve", "auto_approve"}
# What ends a consent: other words, or a person or the house taking it back.
ENDING = {"rewrite", "withdraw", "reopen", "reopen_blocked", "wake", "wake_blocked"}


@st.composite
def walks(draw: st.DrawFn) -> list[DraftMove]:
    """A draft's life: from its first words, one allowed move after the other."""
    state, walk = DraftState.DRAFTING, []
    for _ in range(draw(st.integers(0, 40))):
        ways = allowed_moves(state)
        if not ways:
            break
        move = draw(st.sampled_from(ways))
        walk.append(move)
        state = move.after
    return walk


@given(walks())
def test_nothing_is_claimed_for_sending_without_a_consent_since_the_last_new_words(walk: list[DraftMove]):
    is_consented = False
    for move in walk:
        is_consented = (is_consented or move.name in CONSENTING) and move.name not in ENDING
        assert move.name != "claim" or is_consented


@given(walks())
def test_what_was_sent_stays_sent(walk: list[DraftMove]):
    after_sent = [move for move in walk if move.before is DraftState.SENT]

    assert after_sent == []


@given(walks())
def test_what_may_be_on_its_way_is_never_sent_again_before_its_end_is_known(walk: list[DraftMove]):
    for earlier, later in itertools.pairwise(walk):
        if earlier.after is DraftState.UNKNOWN:
            assert later.after is not DraftState.SENDING
            assert later.name not in {"queue", "release"}


def test_from_its_first_words_a_draft_can_come_into_every_state():
    reached, ways = {DraftState.DRAFTING}, [DraftState.DRAFTING]
    while ways:
        after = {move.after for move in MOVES if move.before is ways[-1]} - reached
        ways.pop()
        reached |= after
        ways += after

    assert reached == set(DraftState)
