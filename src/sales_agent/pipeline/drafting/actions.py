"""The table of actions: what a person can do with a draft, by the moves it needs; what a caller is offered."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.content import Severity
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.states import DraftMoveNotAllowed, Mover, allowed_moves


class DraftAction(StrEnum):
    """Each is the last part of a path below /api/operator/drafts/{id}/."""

    APPROVE = "approve"
    SEND = "send"
    EDIT = "edit"
    REGENERATE = "regenerate"
    REJECT = "reject"
    SNOOZE = "snooze"
    WAKE = "wake"
    UNDO = "undo"
    CANCEL = "cancel"
    REOPEN = "reopen"
    CLAIM = "claim"
    RELEASE_CLAIM = "release_claim"
    ASSIGN = "assign"
    NOTE = "note"


# Which moves of an operator an action may take, one is enough. Those without a move change no state.
_MOVES: Final[dict[DraftAction, frozenset[str]]] = {
    DraftAction.APPROVE: frozenset({"approve"}),
    DraftAction.SEND: frozenset({"queue", "release"}),
    DraftAction.EDIT: frozenset({"rewrite"}),
    DraftAction.REGENERATE: frozenset({"rewrite"}),
    DraftAction.REJECT: frozenset({"reject"}),
    DraftAction.SNOOZE: frozenset({"snooze"}),
    DraftAction.WAKE: frozenset({"wake", "wake_blocked"}),
    DraftAction.UNDO: frozenset({"withdraw"}),
    DraftAction.CANCEL: frozenset({"cancel"}),
    DraftAction.REOPEN: frozenset({"reopen", "reopen_blocked"}),
}

# Nobody works on what is over for good; a note may still be left.
_OVER: Final = frozenset({DraftState.SENT, DraftState.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who looks: how the audit trail names them, and whether they may act at all."""

    actor: str
    may_operate: bool

    @classmethod
    def of(cls, principal: Principal) -> "Caller":
        """The one behind a credential."""
        return cls(principal.actor, may_operate=principal.may(Scope.OPERATE))


def possible_actions(draft: Draft) -> tuple[DraftAction, ...]:
    """What a person who may act could do with the draft as it stands, in the order of the table."""
    open_moves = {move.name for move in allowed_moves(DraftState(draft.state), Mover.OPERATOR)}
    return tuple(action for action in DraftAction if _is_possible(action, draft, open_moves))


def allowed_actions(draft: Draft, caller: Caller) -> tuple[DraftAction, ...]:
    """What this caller may do with it."""
    if not caller.may_operate:
        return ()
    possible = possible_actions(draft)
    return tuple(action for action in possible if action is not DraftAction.RELEASE_CLAIM or _is_theirs(draft, caller))


def require_action(draft: Draft, action: DraftAction) -> None:
    """Raises DraftMoveNotAllowed, which says what can be done instead."""
    possible = possible_actions(draft)
    if action not in possible:
        is_claimed = draft.claimed_by is not None
        possible = tuple(one for one in possible if is_claimed or one is not DraftAction.RELEASE_CLAIM)
        raise DraftMoveNotAllowed(
            f"The draft is {draft.state}; possible: {', '.join(possible) or 'nothing'}.",
            action=action,
            state=draft.state,
            possible=list(possible),
        )


def waiting_state(draft: Draft) -> DraftState:
    """Where a draft waits for a person: one that a finding blocks cannot be approved before it is edited."""
    return DraftState.BLOCKED if draft.worst_severity == Severity.BLOCK else DraftState.NEEDS_REVIEW


def _is_possible(action: DraftAction, draft: Draft, open_moves: set[str]) -> bool:
    if action is DraftAction.NOTE:
        return True
    if action is DraftAction.REGENERATE and draft.run_id is None:  # what it stands on is known to the run alone
        return False
    moves = _MOVES.get(action)
    return draft.state not in _OVER if moves is None else bool(moves & open_moves)


def _is_theirs(draft: Draft, caller: Caller) -> bool:
    return draft.claimed_by == caller.actor
