"""The table of rules: all there are, in the order they are seeded, and what they may be set to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.rules.high_icp_score import MIN_SCORE, high_icp_score
from sales_agent.pipeline.approval.rules.known_good_recipient import MIN_SENDS, known_good_recipient
from sales_agent.pipeline.approval.rules.limit import Limit
from sales_agent.pipeline.approval.rules.replied_before import DAYS_LOOKBACK, replied_before
from sales_agent.pipeline.approval.rules.verdict import RuleVerdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: how the rule judges, the values it is seeded with, and what they may be set to.

    `confidence`: a claim, to be measured. `revision`: of the code in `judge`. Code that judges otherwise is a new row
    with the next revision, and the old row stays, so that what was logged under it can be judged again.
    """

    rule_type: str
    judge: Callable[[DecisionInputs, Mapping[str, object]], RuleVerdict]
    name: str
    description: str
    confidence: float
    priority: int
    conditions: Mapping[str, object]
    limits: Mapping[str, Limit]
    revision: int = 1


RULES: Final = (
    Rule(
        "replied_before",
        replied_before,
        "Replied before",
        "The recipient answered a mail of ours in person within the look-back.",
        confidence=0.95,
        priority=1,
        conditions={"days_lookback": DAYS_LOOKBACK},
        limits={"days_lookback": Limit(1, 365, is_whole=True)},
    ),
    Rule(
        "known_good_recipient",
        known_good_recipient,
        "Known good recipient",
        "Earlier mails went to this very address.",
        confidence=0.90,
        priority=2,
        conditions={"min_sends": MIN_SENDS},
        limits={"min_sends": Limit(MIN_SENDS, 1000, is_whole=True)},
    ),
    Rule(
        "high_icp_score",
        high_icp_score,
        "High fit score",
        "The lead fits the ideal customer, and the address belongs to the company's own domain.",
        confidence=0.85,
        priority=3,
        conditions={"min_score": MIN_SCORE},
        limits={"min_score": Limit(0.5, 1)},
    ),
)


def newest(rules: Sequence[Rule] = RULES) -> dict[str, Rule]:
    """Each rule in its newest revision, by type, in the order of the table."""
    return {rule.rule_type: rule for rule in sorted(rules, key=lambda rule: rule.revision)}
