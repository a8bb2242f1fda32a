"""Nothing is approved without a rule that is on, open switches and clean findings; and the log says the same again."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales_agent.content import Finding, Severity
from sales_agent.pipeline.approval.engine import DecisionKind, evaluate
from sales_agent.pipeline.approval.inputs import (
    DecisionInputs,
    DecisionSwitches,
    FindingsSummary,
    RuleMode,
    RuleSetting,
    inputs_document,
    inputs_of,
)
from sales_agent.pipeline.approval.rules import RULES, newest
from sales_agent.pipeline.approval.rules.verdict import RuleVerdict
from tests.factories.decisions import CLEAN, NOW, OPEN, found, make_inputs, make_settings

WELL_KNOWN = make_inputs(last_reply_at=NOW - dt.timedelta(days=3), earlier_sends=2)


def test_a_draft_is_approved_where_a_rule_vouches_and_nothing_stands_against_it():
    decision = evaluate(WELL_KNOWN)

    assert decision.decision is DecisionKind.AUTO_APPROVED
    assert (decision.rule_type, decision.rule_version, decision.confidence) == ("replied_before", 1, 0.95)
    assert decision.would_approve
    assert decision.reasons[0] == "replied_before (on): the recipient replied 3 days ago"


@pytest.mark.parametrize(
    ("changes", "kind", "would_approve", "first_reason"),
    [
        ({"findings": found(Severity.BLOCK)}, DecisionKind.BLOCKED, False, "a finding blocks the draft"),
        ({"findings": found(Severity.WARN)}, DecisionKind.NEEDS_REVIEW, False, "a finding warns"),
        ({"findings": found(Severity.NOTE)}, DecisionKind.AUTO_APPROVED, True, "replied_before (on)"),
        (
            {"findings": found(Severity.NOTE, "escalate_legal")},
            DecisionKind.NEEDS_REVIEW,
            False,
            "a person decides: escalate_legal",
        ),
        ({"findings": FindingsSummary()}, DecisionKind.NEEDS_REVIEW, False, "the draft was never checked"),
        ({"switches": replace(OPEN, kill_switch=True)}, DecisionKind.NEEDS_REVIEW, True, "the kill switch is on"),
        (
            {"switches": replace(OPEN, kill_switch=True), "findings": found(Severity.BLOCK)},
            DecisionKind.BLOCKED,
            False,
            "a finding blocks the draft",
        ),
        (
            {"switches": replace(OPEN, auto_approve_enabled=False)},
            DecisionKind.NEEDS_REVIEW,
            True,
            "auto-approval is off",
        ),
        (
            {"switches": replace(OPEN, operator_approval_required=True)},
            DecisionKind.NEEDS_REVIEW,
            True,
            "every draft waits for a person",
        ),
        ({"switches": DecisionSwitches()}, DecisionKind.NEEDS_REVIEW, True, "the kill switch is on"),
        (
            {"rules": make_settings(RuleMode.SHADOW)},
            DecisionKind.NEEDS_REVIEW,
            True,
            "replied_before is in shadow",
        ),
        ({"rules": make_settings(RuleMode.OFF)}, DecisionKind.NEEDS_REVIEW, False, "no rule vouches for the draft"),
        ({"rules": ()}, DecisionKind.NEEDS_REVIEW, False, "no rule vouches for the draft"),
        (
            {"last_reply_at": None, "earlier_sends": 0},
            DecisionKind.NEEDS_REVIEW,
            False,
            "no rule vouches for the draft",
        ),
    ],
)
def test_what_keeps_a_draft_from_being_approved(
    changes: dict[str, object], kind: DecisionKind, first_reason: str, *, would_approve: bool
):
    decision = evaluate(replace(WELL_KNOWN, **changes))

    assert decision.decision is kind
    assert decision.would_approve is would_approve
    assert decision.reasons[0].startswith(first_reason)


def test_the_lower_priority_number_is_asked_first_whatever_the_order_of_the_rows():
    turned = tuple(replace(setting, priority=10 - setting.priority) for setting in make_settings())

    assert evaluate(replace(WELL_KNOWN, rules=tuple(reversed(make_settings())))).rule_type == "replied_before"
    assert evaluate(replace(WELL_KNOWN, rules=turned)).rule_type == "known_good_recipient"


def test_a_rule_in_shadow_does_not_stand_before_one_that_is_on():
    decision = evaluate(replace(WELL_KNOWN, rules=make_settings(replied_before=RuleMode.SHADOW)))

    assert (decision.decision, decision.rule_type) == (DecisionKind.AUTO_APPROVED, "known_good_recipient")
    assert any(reason.startswith("replied_before (shadow): the recipient replied") for reason in decision.reasons)


def test_a_rule_that_the_house_does_not_know_decides_nothing():
    stranger = RuleSetting("trust_everybody", 1, RuleMode.ON, 0, 1.0)

    assert evaluate(make_inputs(rules=(stranger,))).rule_type is None


def test_the_summary_of_findings_keeps_the_worst_and_every_topic_once():
    findings = tuple(
        Finding("topics", code, severity, "", "")
        for code, severity in (
            ("escalate_legal", Severity.NOTE),
            ("phone", Severity.WARN),
            ("escalate_legal", Severity.NOTE),
        )
    )

    assert FindingsSummary.of(findings) == found(Severity.WARN, "escalate_legal")
    assert FindingsSummary.of(()) == CLEAN
    assert FindingsSummary.of(None) == FindingsSummary()


moments = st.integers(-400 * 86400, 400 * 86400).map(lambda seconds: NOW + dt.timedelta(seconds=seconds))
domains = st.sampled_from(["", "fabrikam.example", "contoso.example", "gmail.com"])
rule_settings = st.builds(
    RuleSetting,
    rule_type=st.sampled_from([*(rule.rule_type for rule in RULES), "unknown"]),
    version=st.integers(1, 9),
    mode=st.sampled_from(RuleMode),
    priority=st.integers(-3, 9),
    revision=st.integers(1, 2),
    confidence=st.floats(0, 1),
    conditions=st.dictionaries(
        st.sampled_from(["days_lookback", "min_sends", "min_score"]),
        st.one_of(st.none(), st.booleans(), st.integers(-5, 400), st.floats(0, 1), st.just("90")),
    ),
)
worlds = st.builds(
    DecisionInputs,
    draft_id=st.uuids(),
    draft_version=st.integers(1, 9),
    body_hash=st.text("0123456789abcdef", min_size=64, max_size=64),
    recipient=st.emails(),
    recipient_domain=domains,
    company_domain=domains,
    fit_score=st.one_of(st.none(), st.floats(0, 1)),
    last_reply_at=st.one_of(st.none(), moments),
    earlier_sends=st.integers(0, 5),
    findings=st.just(CLEAN)
    | st.builds(
        FindingsSummary,
        checked=st.booleans(),
        worst=st.one_of(st.none(), st.sampled_from(Severity)),
        escalations=st.lists(st.sampled_from(["escalate_legal", "escalate_price"]), max_size=2).map(tuple),
    ),
    switches=st.just(OPEN)
    | st.builds(
        DecisionSwitches,
        kill_switch=st.booleans(),
        auto_approve_enabled=st.booleans(),
        operator_approval_required=st.booleans(),
    ),
    rules=st.one_of(
        st.just(make_settings()),
        st.lists(rule_settings, max_size=4, unique_by=lambda setting: setting.rule_type).map(tuple),
    ),
    now=moments,
)


@given(worlds)
@settings(derandomize=True, max_examples=400, deadline=None)
def test_the_logged_inputs_lead_to_the_same_decision_again(inputs: DecisionInputs):
    logged = inputs_document(inputs)

    assert inputs_of(logged) == inputs
    assert evaluate(inputs_of(logged)) == evaluate(inputs)


@given(worlds)
@settings(derandomize=True, max_examples=400, deadline=None)
def test_whatever_the_world_an_approval_has_all_it_needs(inputs: DecisionInputs):
    decision = evaluate(inputs)

    if inputs.findings.worst is Severity.BLOCK:
        assert decision.decision is DecisionKind.BLOCKED
    if decision.decision is DecisionKind.AUTO_APPROVED:
        chosen = next(setting for setting in inputs.rules if setting.rule_type == decision.rule_type)
        rule = next(rule for rule in RULES if rule.rule_type == decision.rule_type)
        assert inputs.switches == OPEN
        assert inputs.findings.checked
        assert inputs.findings.worst in {None, Severity.NOTE}
        assert inputs.findings.escalations == ()
        assert chosen.mode is RuleMode.ON
        assert rule.judge(inputs, chosen.conditions).applies
        assert decision.would_approve
    assert decision.reasons


def test_what_was_logged_is_judged_again_by_the_code_of_its_time():
    """Code that judges otherwise is a new row of the table; the old one answers for what it decided."""
    (old,) = (rule for rule in RULES if rule.rule_type == "replied_before")
    stricter = replace(old, revision=2, judge=lambda *_: RuleVerdict(applies=False, reason="trusts nobody"))
    now = tuple(replace(setting, revision=2) for setting in make_settings()[:1])

    assert newest((*RULES, stricter))["replied_before"] is stricter
    assert evaluate(WELL_KNOWN, (old, stricter)) == evaluate(WELL_KNOWN, (old,))
    assert evaluate(replace(WELL_KNOWN, rules=now), (old, stricter)).rule_type is None


def test_inputs_logged_before_there_were_revisions_are_of_the_first():
    document = inputs_document(WELL_KNOWN)
    for setting in document["rules"]:
        del setting["revision"]

    assert inputs_of(document) == WELL_KNOWN
