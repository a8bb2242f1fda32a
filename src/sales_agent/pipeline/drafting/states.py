"""The table of moves: every way a draft can go from one state to another, what it is called, and who may do it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sales_agent.kit.errors import Conflict
from sales_agent.pipeline.drafting.models import DraftState


class DraftMoveNotAllowed(Conflict):
    """The draft is not in a state from which this can be done."""


class Mover(StrEnum):
    """Who moves a draft: the house itself, or a person."""

    SYSTEM = "system"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class DraftMove:
    """One row: `name` is what buttons and logs call it."""

    name: str
    before: DraftState
    after: DraftState
    movers: frozenset[Mover]


_SYSTEM: Final = frozenset({Mover.SYSTEM})
_OPERATOR: Final = frozenset({Mover.OPERATOR})
_BOTH: Final = frozenset(Mover)

S = DraftState

# Name, the states it starts from, the state it ends in, who may. A rewrite makes new words, so that it ends every
# approval. `sent` has no way out: what was said stays said. `unknown` is left by evidence, or by the answer of a person
# who was asked. A person may send the draft in the mailbox's own window at any time: that is noticed.
_ROWS: Final[tuple[tuple[str, tuple[DraftState, ...], DraftState, frozenset[Mover]], ...]] = (
    ("ask_for_review", (S.DRAFTING,), S.NEEDS_REVIEW, _SYSTEM),
    ("auto_approve", (S.DRAFTING,), S.AUTO_APPROVED, _SYSTEM),
    ("block", (S.DRAFTING,), S.BLOCKED, _SYSTEM),
    ("rewrite", (S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED, S.SNOOZED, S.EXPIRED), S.DRAFTING, _BOTH),
    ("rewrite", (S.APPROVED, S.HELD, S.SIMULATED, S.SEND_FAILED, S.REJECTED), S.DRAFTING, _OPERATOR),
    ("approve", (S.NEEDS_REVIEW, S.AUTO_APPROVED, S.SNOOZED, S.HELD, S.SEND_FAILED), S.APPROVED, _OPERATOR),
    ("reject", (S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED, S.APPROVED), S.REJECTED, _OPERATOR),
    ("reject", (S.HELD, S.SNOOZED, S.SEND_FAILED), S.REJECTED, _OPERATOR),
    ("snooze", (S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED), S.SNOOZED, _OPERATOR),
    ("wake", (S.SNOOZED,), S.NEEDS_REVIEW, _BOTH),
    ("wake_blocked", (S.SNOOZED,), S.BLOCKED, _BOTH),
    ("reopen", (S.REJECTED, S.EXPIRED, S.SIMULATED, S.CANCELLED), S.NEEDS_REVIEW, _OPERATOR),
    ("reopen_blocked", (S.REJECTED, S.EXPIRED, S.CANCELLED), S.BLOCKED, _OPERATOR),
    ("withdraw", (S.AUTO_APPROVED, S.APPROVED, S.QUEUED, S.HELD, S.SEND_FAILED), S.NEEDS_REVIEW, _BOTH),
    ("queue", (S.AUTO_APPROVED, S.APPROVED, S.SEND_FAILED), S.QUEUED, _BOTH),
    ("release", (S.HELD,), S.QUEUED, _BOTH),
    ("claim", (S.QUEUED,), S.SENDING, _SYSTEM),
    ("put_back", (S.SENDING,), S.QUEUED, _SYSTEM),
    ("hold", (S.AUTO_APPROVED, S.APPROVED, S.QUEUED, S.SENDING, S.UNKNOWN), S.HELD, _SYSTEM),
    ("simulate", (S.QUEUED, S.SENDING), S.SIMULATED, _SYSTEM),
    ("send", (S.SENDING,), S.SENT, _SYSTEM),
    ("fail", (S.SENDING,), S.SEND_FAILED, _SYSTEM),
    ("lose_sight", (S.SENDING,), S.UNKNOWN, _SYSTEM),
    ("find_sent", (S.UNKNOWN,), S.SENT, _SYSTEM),
    ("find_unsent", (S.UNKNOWN,), S.SEND_FAILED, _SYSTEM),
    ("notice_sent", (S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED, S.APPROVED, S.QUEUED, S.HELD), S.SENT, _SYSTEM),
    ("notice_sent", (S.SNOOZED, S.SEND_FAILED, S.EXPIRED, S.REJECTED, S.SIMULATED, S.CANCELLED), S.SENT, _SYSTEM),
    ("expire", (S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED, S.APPROVED), S.EXPIRED, _SYSTEM),
    ("expire", (S.QUEUED, S.HELD, S.SNOOZED, S.SEND_FAILED), S.EXPIRED, _SYSTEM),
    ("supersede", (S.DRAFTING, S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED, S.APPROVED), S.SUPERSEDED, _SYSTEM),
    ("supersede", (S.QUEUED, S.HELD, S.SNOOZED, S.SEND_FAILED, S.EXPIRED), S.SUPERSEDED, _SYSTEM),
    ("cancel", (S.DRAFTING, S.NEEDS_REVIEW, S.AUTO_APPROVED, S.BLOCKED, S.APPROVED), S.CANCELLED, _BOTH),
    ("cancel", (S.QUEUED, S.HELD, S.SNOOZED, S.SEND_FAILED), S.CANCELLED, _BOTH),
)

MOVES: Final = tuple(
    DraftMove(name, before, after, movers) for name, befores, after, movers in _ROWS for before in befores
)

_BY_ENDS: Final = {(move.before, move.after): move for move in MOVES}


def may_move(before: DraftState, after: DraftState, mover: Mover | None = None) -> bool:
    """Whether the table has this move, for this mover where one is named."""
    move = _BY_ENDS.get((before, after))
    return move is not None and (mover is None or mover in move.movers)


def allowed_moves(state: DraftState, mover: Mover | None = None) -> tuple[DraftMove, ...]:
    """The ways out of a state, in the order of the table."""
    return tuple(move for move in MOVES if move.before is state and (mover is None or mover in move.movers))


def move_between(before: DraftState, after: DraftState, mover: Mover) -> DraftMove:
    """The row of the table; raises DraftMoveNotAllowed."""
    move = _BY_ENDS.get((before, after))
    if move is None or mover not in move.movers:
        possible = [move.name for move in allowed_moves(before, mover)]
        raise DraftMoveNotAllowed(before=before, after=after, mover=mover, possible=possible)
    return move
