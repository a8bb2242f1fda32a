"""Each rule, by table: when it vouches for a draft, and all that keeps it from doing so."""

import datetime as dt
from dataclasses import replace

import pytest

from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.rules import RULES
from sales_agent.pipeline.approval.rules.high_icp_score import high_icp_score
from sales_agent.pipeline.approval.rules.known_good_recipient import known_good_recipient
from sales_agent.pipeline.approval.rules.replied_before import replied_before
from tests.factories.decisions import NOW, make_inputs

FITTING = make_inputs(fit_score=0.95, recipient_domain="fabrikam.example", company_domain="fabrikam.example")


def test_the_table_has_the_three_rules_in_their_order_with_their_claims():
    assert [(rule.rule_type, rule.confidence, rule.priority, dict(rule.conditions)) for rule in RULES] == [
        ("replied_before", 0.95, 1, {"days_lookback": 90}),
        ("known_good_recipient", 0.90, 2, {"min_sends": 1}),
        ("high_icp_score", 0.85, 3, {"min_score": 0.9}),
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_type)
def test_a_rule_vouches_for_nobody_of_whom_nothing_is_known(rule):
    assert not rule.judge(make_inputs(), rule.conditions).applies


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_type)
@pytest.mark.parametrize("value", [None, "", "90", True, -1, float("nan"), float("inf"), [90]])
def test_a_rule_whose_condition_cannot_be_used_vouches_for_nobody(rule, value):
    known = replace(FITTING, last_reply_at=NOW, earlier_sends=5)
    broken = dict.fromkeys(rule.conditions, value)

    assert rule.judge(known, rule.conditions).applies
    assert not rule.judge(known, broken).applies
    assert not rule.judge(known, {}).applies


@pytest.mark.parametrize(
    ("age", "applies"),
    [
        (dt.timedelta(0), True),
        (dt.timedelta(days=90), True),
        (dt.timedelta(days=90, seconds=1), False),
        (dt.timedelta(days=400), False),
        (dt.timedelta(seconds=-1), False),
    ],
)
def test_a_reply_counts_for_ninety_days(age: dt.timedelta, *, applies: bool):
    verdict = replied_before(make_inputs(last_reply_at=NOW - age), {"days_lookback": 90})

    assert verdict.applies is applies


@pytest.mark.parametrize(("sends", "least", "applies"), [(0, 1, False), (1, 1, True), (1, 2, False), (9, 2, True)])
def test_a_recipient_is_known_by_the_mails_that_went_there(sends: int, least: int, *, applies: bool):
    verdict = known_good_recipient(make_inputs(earlier_sends=sends), {"min_sends": least})

    assert verdict.applies is applies


def test_a_rule_cannot_be_set_to_know_everybody():
    assert not known_good_recipient(make_inputs(earlier_sends=0), {"min_sends": 0}).applies


@pytest.mark.parametrize(
    ("inputs", "applies"),
    [
        (FITTING, True),
        (replace(FITTING, fit_score=0.9), True),
        (replace(FITTING, fit_score=0.899), False),
        (replace(FITTING, fit_score=None), False),
        (replace(FITTING, fit_score=float("nan")), False),
        (replace(FITTING, company_domain=""), False),
        (replace(FITTING, company_domain="contoso.example"), False),
        (replace(FITTING, recipient_domain="mail.fabrikam.example"), False),
        (replace(FITTING, recipient_domain="", company_domain=""), False),
        (replace(FITTING, recipient_domain="gmail.com", company_domain="gmail.com"), False),
    ],
)
def test_a_good_fit_counts_only_from_the_company_s_own_domain(inputs: DecisionInputs, *, applies: bool):
    assert high_icp_score(inputs, {"min_score": 0.9}).applies is applies
