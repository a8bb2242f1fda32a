"""A rule is scored by what people decided, from what was known when they did, and from nothing else."""

import datetime as dt
from dataclasses import replace

import pytest

from sales_agent.content import Severity
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.backtest import (
    LEAKS,
    MIN_DECISIONS,
    DecidedVersion,
    Exclusion,
    exclusion_of,
    first_of,
    score,
)
from sales_agent.pipeline.approval.inputs import FindingsSummary
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.approval.rules import newest
from sales_agent.pipeline.approval.wilson import LEVEL
from tests.factories.backtesting import (
    APPROVE,
    EDIT,
    HOUR,
    REJECT,
    looked_ahead,
    make_decided,
    planted,
    planted_kinds,
    with_inputs,
)
from tests.factories.decisions import NOW, found

KNOWN, REPLIED = newest()["known_good_recipient"], newest()["replied_before"]


def scored(*decided: DecidedVersion, rule=KNOWN, claim: float = 0.9, **conditions: object):
    return score(rule, {**rule.conditions, **conditions}, claim, decided)


def test_coverage_agreement_and_what_it_would_have_sent_in_spite_of_people():
    rejected, edited = make_decided(REJECT), make_decided(EDIT)
    stranger = make_decided(APPROVE, earlier_sends=0)
    found_score = scored(make_decided(), make_decided(), rejected, edited, stranger)

    assert (found_score.scored, found_score.matched, found_score.agreed) == (5, 4, 2)
    assert (found_score.coverage, found_score.agreement) == (0.8, 0.5)
    assert [(row.draft_id, row.kind, row.reason_code) for row in found_score.would_have_sent] == [
        (rejected.draft_id, REJECT, "tone"),
        (edited.draft_id, EDIT, None),
    ]


def test_withdrawing_what_a_rule_approved_is_disagreement():
    assert scored(make_decided(OperatorDecisionKind.CANCEL_AUTO)).agreed == 0


@pytest.mark.parametrize(
    "findings",
    [found(Severity.BLOCK), found(Severity.WARN), found(Severity.NOTE, "escalate_price"), FindingsSummary()],
    ids=["blocked", "warned", "a topic of a person", "never checked"],
)
def test_what_a_finding_would_have_stopped_is_not_matched(findings: FindingsSummary):
    assert (scored(make_decided(REJECT, findings=findings)).matched, scored().matched) == (0, 0)


def test_other_conditions_are_scored_over_the_same_decisions():
    decided = [make_decided(REJECT, earlier_sends=1), make_decided(APPROVE, earlier_sends=5)]

    assert scored(*decided).agreement == 0.5
    assert scored(*decided, min_sends=2).agreement == 1.0


def test_nothing_decided_is_no_agreement_and_no_disagreement():
    nothing = scored()

    assert (nothing.coverage, nothing.agreement, nothing.bound) == (None, None, 0.0)
    assert nothing.shortfall == f"0 of the {MIN_DECISIONS} decisions that are needed."


def test_a_rule_lacks_decisions_then_agreement_then_nothing():
    few = scored(*planted(1.0, MIN_DECISIONS - 1, seed=1))
    poor = scored(*planted(0.8, 200, seed=1))
    good = scored(*planted(0.99, 200, seed=1))

    assert few.is_small
    assert few.shortfall is not None
    assert not poor.is_small
    assert poor.shortfall is not None
    assert "0.9 is claimed" in poor.shortfall
    assert good.shortfall is None


def test_the_first_decision_on_a_version_counts():
    draft_id = new_id()
    decisions = [
        make_decided(REJECT, draft_id=draft_id),
        make_decided(APPROVE, draft_id=draft_id),
        make_decided(APPROVE, draft_id=draft_id, version=2),
    ]

    assert [(row.kind, row.draft_version) for row in first_of(decisions)] == [(REJECT, 1), (APPROVE, 2)]


def test_an_approval_after_an_edit_counts_as_edited():
    draft_id = new_id()
    decisions = [
        make_decided(EDIT, draft_id=draft_id),
        make_decided(APPROVE, draft_id=draft_id),
        make_decided(APPROVE, draft_id=draft_id, version=2),
    ]

    assert [row.kind for row in first_of(decisions)] == [EDIT]
    assert scored(*first_of(decisions)).agreed == 0


@pytest.mark.parametrize(
    ("decided", "exclusion"),
    [
        (replace(make_decided(), logged_at=None, inputs=None), Exclusion.NOT_LOGGED),
        (replace(make_decided(), inputs=None), Exclusion.UNREADABLE),
        (with_inputs(make_decided(), draft_version=2), Exclusion.OTHER_DRAFT),
        (with_inputs(make_decided(), draft_id=new_id()), Exclusion.OTHER_DRAFT),
        (replace(make_decided(), logged_at=NOW + 2 * HOUR), Exclusion.LOGGED_LATER),
        (with_inputs(make_decided(), now=NOW + HOUR + dt.timedelta(seconds=1)), Exclusion.READ_LATER),
        (with_inputs(make_decided(), last_reply_at=NOW + dt.timedelta(seconds=1)), Exclusion.REPLY_LATER),
        (with_inputs(make_decided(), last_reply_at=NOW), None),
        (make_decided(), None),
    ],
)
def test_what_was_not_known_when_a_person_decided_is_left_out_with_its_reason(
    decided: DecidedVersion, exclusion: Exclusion | None
):
    found_score = scored(decided)

    assert exclusion_of(decided) is exclusion
    assert found_score.excluded == ({} if exclusion is None else {exclusion: 1})
    assert found_score.excluded_leaking == (exclusion in LEAKS)
    assert found_score.scored == (exclusion is None)


def test_a_look_ahead_is_caught_and_would_have_made_a_worthless_rule_look_perfect():
    """A reply to the very mail that was decided about tells that it was approved, and tells it too late."""
    honest = list(planted(0.6, 200, seed=7))
    leaking = [looked_ahead(decided) for decided in honest]
    believed = [replace(decided, decided_at=decided.decided_at + dt.timedelta(days=30)) for decided in leaking]

    assert scored(*honest, rule=REPLIED).matched == 0
    would_be = scored(*believed, rule=REPLIED)
    assert (would_be.agreement, would_be.shortfall) == (1.0, None)
    caught = scored(*leaking, rule=REPLIED)
    assert (caught.scored, caught.matched, caught.excluded_leaking) == (0, 0, 200)


@pytest.mark.parametrize("rate", [0.7, 0.9, 0.95])
def test_over_a_thousand_logs_with_a_planted_rate_the_score_s_bound_holds(rate: float):
    """The rows differ in nothing but the decision, so one of each kind stands for all."""
    kinds = {kind: make_decided(kind) for kind in (APPROVE, EDIT, REJECT)}
    held = 0
    for seed in range(1_000):
        rows = [kinds[kind] for kind in planted_kinds(rate, 60, seed)]
        held += scored(*rows).bound <= rate

    assert held / 1_000 >= LEVEL
