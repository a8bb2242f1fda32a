"""Everything a decision is based on, as one value that is logged with it, so that it can be judged again later."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pydantic import TypeAdapter

from sales_agent.content import Finding, Severity
from sales_agent.kit.storable import storable_json
from sales_agent.safety.check import worst

# Findings of topics that only a person answers, however mild they are.
ESCALATION_PREFIX = "escalate_"


class RuleMode(StrEnum):
    """off: not asked. shadow: asked and logged, decides nothing. on: decides."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """A rule as the tenant ran it at that moment; lower priority number first. `revision`: of the rule's code."""

    rule_type: str
    version: int
    mode: RuleMode
    priority: int
    confidence: float
    conditions: Mapping[str, object] = field(default_factory=dict[str, object])
    revision: int = 1


@dataclass(frozen=True, slots=True)
class DecisionSwitches:
    """The switches as they stood; what could not be read must be given as the cautious value."""

    kill_switch: bool = True
    auto_approve_enabled: bool = False
    operator_approval_required: bool = True


@dataclass(frozen=True, slots=True)
class FindingsSummary:
    """What the checks found. `checked`: whether they ran at all; `worst`: None without a finding."""

    checked: bool = False
    worst: Severity | None = None
    escalations: tuple[str, ...] = ()

    @classmethod
    def of(cls, findings: tuple[Finding, ...] | None) -> "FindingsSummary":
        """The summary of a version's findings; None: never checked."""
        if findings is None:
            return cls()
        codes = (finding.code for finding in findings if finding.code.startswith(ESCALATION_PREFIX))
        return cls(checked=True, worst=worst(findings), escalations=tuple(dict.fromkeys(codes)))


@dataclass(frozen=True, slots=True)
class DecisionInputs:
    """The world of one decision.

    `recipient`: canonical address, `recipient_domain` and `company_domain` in lower case, empty where unknown.
    `last_reply_at`: when the recipient last answered a mail of ours in person (bounces, robots and forged senders do
    not count). `earlier_sends`: mails that really went to them. `fit_score`: 0 to 1, None where nobody scored.
    """

    draft_id: UUID
    draft_version: int
    body_hash: str
    recipient: str
    recipient_domain: str
    company_domain: str
    fit_score: float | None
    last_reply_at: dt.datetime | None
    earlier_sends: int
    findings: FindingsSummary
    switches: DecisionSwitches
    rules: tuple[RuleSetting, ...]
    now: dt.datetime


_INPUTS = TypeAdapter(DecisionInputs)


def inputs_document(inputs: DecisionInputs) -> dict[str, object]:
    """The inputs as a JSON document that the database can hold."""
    return storable_json(_INPUTS.dump_python(inputs, mode="json"))


def inputs_of(document: object) -> DecisionInputs:
    """The inputs of a logged document."""
    return _INPUTS.validate_python(document)
