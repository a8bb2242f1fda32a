"""What a decision is based on."""

import datetime as dt
from uuid import UUID

from sales_agent.content import Severity
from sales_agent.pipeline.approval.inputs import (
    DecisionInputs,
    DecisionSwitches,
    FindingsSummary,
    RuleMode,
    RuleSetting,
)
from sales_agent.pipeline.approval.rules import RULES

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)

OPEN = DecisionSwitches(kill_switch=False, auto_approve_enabled=True, operator_approval_required=False)
CLEAN = FindingsSummary(checked=True)


def make_settings(mode: RuleMode = RuleMode.ON, **modes: RuleMode) -> tuple[RuleSetting, ...]:
    """Every rule as it is seeded, in one mode, or in its own where one is named."""
    return tuple(
        RuleSetting(
            rule.rule_type, 1, modes.get(rule.rule_type, mode), rule.priority, rule.confidence, dict(rule.conditions)
        )
        for rule in RULES
    )


def make_inputs(**changes: object) -> DecisionInputs:
    """A stranger's clean draft, every switch open, every rule on."""
    known: dict[str, object] = {
        "draft_id": UUID(int=1),
        "draft_version": 1,
        "body_hash": "b" * 64,
        "recipient": "ada@fabrikam.example",
        "recipient_domain": "fabrikam.example",
        "company_domain": "",
        "fit_score": None,
        "last_reply_at": None,
        "earlier_sends": 0,
        "findings": CLEAN,
        "switches": OPEN,
        "rules": make_settings(),
        "now": NOW,
    }
    return DecisionInputs(**{**known, **changes})


def found(worst: Severity, *escalations: str) -> FindingsSummary:
    return FindingsSummary(checked=True, worst=worst, escalations=escalations)
