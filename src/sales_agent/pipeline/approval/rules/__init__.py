"""The table of rules: all there are, in the order they are seeded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.rules.high_icp_score import MIN_SCORE, high_icp_score
from sales_agent.pipeline.approval.rules.known_good_recipient import MIN_SENDS, known_good_recipient
from sales_agent.pipeline.approval.rules.replied_before import DAYS_LOOKBACK, replied_before
from sales_agent.pipeline.approval.rules.verdict import RuleVerdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: how the rule judges, and the values it is seeded with. `confidence`: a claim, to be measured."""

    rule_type: str
    judge: Callable[[DecisionInputs, Mapping[str, object]], RuleVerdict]
    name: str
    description: str
    confidence: float
    priority: int
    conditions: Mapping[str, object]


RULES: Final = (
    Rule(
        "replied_before",
        replied_before,
        "Replied before",
        "The recipient answered a mail of ours in person within the look-back.",
        confidence=0.95,
        priority=1,
        conditions={"days_lookback": DAYS_LOOKBACK},
    ),
    Rule(
        "known_good_recipient",
        known_good_recipient,
        "Known good recipient",
        "Earlier mails went to this very address.",
        confidence=0.90,
        priority=2,
        conditions={"min_sends": MIN_SENDS},
    ),
    Rule(
        "high_icp_score",
        high_icp_score,
        "High fit score",
        "The lead fits the ideal customer, and the address belongs to the company's own domain.",
        confidence=0.85,
        priority=3,
        conditions={"min_score": MIN_SCORE},
    ),
)
