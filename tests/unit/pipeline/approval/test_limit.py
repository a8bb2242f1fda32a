"""What a rule may be set to, by table."""

import pytest

from sales_agent.pipeline.approval.rules import RULES
from sales_agent.pipeline.approval.rules.limit import CLAIM, PRIORITY, Limit, objections

DAYS = Limit(1, 365, is_whole=True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_type)
def test_what_a_rule_is_seeded_with_is_allowed(rule):
    assert list(objections(rule.conditions, rule.limits)) == []
    assert CLAIM.objection("confidence", rule.confidence) is None
    assert PRIORITY.objection("priority", rule.priority) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1, None),
        (365, None),
        (90.0, None),
        (0, "days must lie between 1 and 365."),
        (366, "days must lie between 1 and 365."),
        (1.5, "days must be a whole number."),
        *((odd, "days must be a number.") for odd in (None, True, "90", [], float("nan"), float("inf"))),
    ],
)
def test_a_value_lies_within_its_limit(value: object, said: str | None):
    assert DAYS.objection("days", value) == said


def test_unknown_and_missing_conditions_are_named():
    assert list(objections({"nights": 3}, {"days": DAYS})) == [
        "nights is no condition of this rule; it has days.",
        "days must be a number.",
    ]


@pytest.mark.parametrize(("claim", "is_allowed"), [(0.5, True), (0.99, True), (0.49, False), (1.0, False)])
def test_nobody_claims_to_be_always_right_or_mostly_wrong(claim: float, *, is_allowed: bool):
    assert (CLAIM.objection("confidence", claim) is None) is is_allowed
