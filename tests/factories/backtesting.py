"""What people decided about drafts, with the inputs logged before."""

import datetime as dt
import random
from dataclasses import replace
from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.backtest import DecidedVersion
from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from tests.factories.decisions import NOW, make_inputs

APPROVE, EDIT, REJECT = OperatorDecisionKind.APPROVE, OperatorDecisionKind.EDIT, OperatorDecisionKind.REJECT
HOUR = dt.timedelta(hours=1)


def make_decided(
    kind: OperatorDecisionKind = APPROVE, *, draft_id: UUID | None = None, version: int = 1, **inputs: object
) -> DecidedVersion:
    """A decision an hour after the rules had looked at a draft to somebody who was written to before."""
    draft_id = draft_id or new_id()
    known = make_inputs(draft_id=draft_id, draft_version=version, **{"earlier_sends": 1, **inputs})
    return DecidedVersion(
        draft_id=draft_id,
        draft_version=version,
        kind=kind,
        reason_code="tone" if kind is REJECT else None,
        decided_at=NOW + HOUR,
        recorded_at=NOW + HOUR,
        logged_at=NOW,
        inputs=known,
    )


def with_inputs(decided: DecidedVersion, **changes: object) -> DecidedVersion:
    """The same decision beside other inputs."""
    assert decided.inputs is not None
    return replace(decided, inputs=replace(decided.inputs, **changes))


def planted_kinds(rate: float, number: int, seed: int) -> list[OperatorDecisionKind]:
    """What people decide who approve unchanged at this rate."""
    people = random.Random(f"{seed}/{rate}")
    return [APPROVE if people.random() < rate else people.choice((EDIT, REJECT)) for _ in range(number)]


def planted(rate: float, number: int, seed: int) -> list[DecidedVersion]:
    """So many decisions on drafts to known people, approved unchanged at this rate."""
    return [make_decided(kind) for kind in planted_kinds(rate, number, seed)]


def looked_ahead(decided: DecidedVersion) -> DecidedVersion:
    """The same decision beside inputs that were read a week later, when whoever got the mail had answered it."""
    inputs: DecisionInputs | None = decided.inputs
    assert inputs is not None
    answered = decided.decided_at + dt.timedelta(days=2) if decided.kind is APPROVE else None
    return with_inputs(decided, now=decided.decided_at + dt.timedelta(days=7), last_reply_at=answered)
