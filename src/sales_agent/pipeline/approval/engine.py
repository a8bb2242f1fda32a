"""The decision itself: pure, so that the same inputs give the same decision today and when the log is judged again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sales_agent.content import Severity
from sales_agent.pipeline.approval.inputs import DecisionInputs, RuleMode, RuleSetting, inputs_of
from sales_agent.pipeline.approval.models import AutoApprovalLog
from sales_agent.pipeline.approval.rules import RULES, Rule


class DecisionKind(StrEnum):
    """What is decided. There is no rejecting: only a person rejects."""

    AUTO_APPROVED = "auto_approved"
    NEEDS_REVIEW = "needs_review"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, the rule that vouches for the draft (None: none does), and every reason, weightiest first.

    `would_approve`: a rule vouches for the draft and only its mode or the switches kept it from being approved, or
    nothing did. `confidence`: what that rule claims.
    """

    decision: DecisionKind
    rule_type: str | None
    rule_version: int | None
    would_approve: bool
    confidence: float | None
    reasons: tuple[str, ...]


def evaluate(inputs: DecisionInputs, rules: Sequence[Rule] = RULES) -> Decision:
    """Blocks, then objections, then the first rule that vouches, lower priority number first.

    A rule in shadow decides nothing: the first match among the rules that are on wins, and only where none of them
    matches is the first match in shadow named.
    """
    verdicts = tuple(_verdicts(inputs, rules))
    vouching = sorted((setting for setting, applies, _ in verdicts if applies), key=_is_shadow)
    chosen = vouching[0] if vouching else None
    objections = tuple(objections_to(inputs))
    barriers = tuple(_barriers(inputs, chosen))
    said = [reason for _, _, reason in sorted(verdicts, key=lambda verdict: verdict[0] is not chosen)]
    reasons = (*objections, *barriers, *said)
    if inputs.findings.worst is Severity.BLOCK:
        kind = DecisionKind.BLOCKED
    elif chosen is not None and not objections and not barriers:
        kind = DecisionKind.AUTO_APPROVED
    else:
        kind = DecisionKind.NEEDS_REVIEW
    return Decision(
        kind,
        chosen.rule_type if chosen else None,
        chosen.version if chosen else None,
        would_approve=chosen is not None and not objections,
        confidence=chosen.confidence if chosen else None,
        reasons=reasons,
    )


def reevaluate(logged: AutoApprovalLog) -> Decision:
    """The decision that the logged inputs lead to now, by the code of that time.

    Raises ValueError where they cannot be read.
    """
    return evaluate(inputs_of(logged.inputs))


def is_reached_again(logged: AutoApprovalLog) -> bool:
    """Whether the logged inputs lead to the logged decision, to the letter. Inputs that cannot be read lead nowhere."""
    try:
        return reevaluate(logged) == decision_of(logged)
    except ValueError:
        return False


def decision_of(logged: AutoApprovalLog) -> Decision:
    """The decision as it was logged. Raises ValueError for a kind that does not exist."""
    return Decision(
        DecisionKind(logged.decision),
        logged.rule_type,
        logged.rule_version,
        would_approve=logged.would_approve,
        confidence=logged.confidence,
        reasons=tuple(str(reason) for reason in logged.reasons),
    )


def _is_shadow(setting: RuleSetting) -> bool:
    return setting.mode is RuleMode.SHADOW


def objections_to(inputs: DecisionInputs) -> Iterator[str]:
    """What speaks against approving without a person, whatever a rule says."""
    findings = inputs.findings
    if not findings.checked:
        yield "the draft was never checked"
    if findings.worst is Severity.BLOCK:
        yield "a finding blocks the draft"
    if findings.worst is Severity.WARN:
        yield "a finding warns"
    for code in findings.escalations:
        yield f"a person decides: {code}"


def _barriers(inputs: DecisionInputs, chosen: RuleSetting | None) -> Iterator[str]:
    """What keeps a rule that vouches from deciding."""
    if inputs.switches.kill_switch:
        yield "the kill switch is on"
    if chosen is None:
        yield "no rule vouches for the draft"
    elif chosen.mode is not RuleMode.ON:
        yield f"{chosen.rule_type} is in shadow"
    if not inputs.switches.auto_approve_enabled:
        yield "auto-approval is off"
    if inputs.switches.operator_approval_required:
        yield "every draft waits for a person"


def _verdicts(inputs: DecisionInputs, rules: Sequence[Rule]) -> Iterator[tuple[RuleSetting, bool, str]]:
    """Each rule that is not off, in the order of priority, with its verdict as a sentence."""
    by_code = {(rule.rule_type, rule.revision): rule for rule in rules}
    for setting in sorted(inputs.rules, key=lambda setting: (setting.priority, setting.rule_type)):
        rule = by_code.get((setting.rule_type, setting.revision))
        if rule is None or setting.mode is RuleMode.OFF:
            continue
        verdict = rule.judge(inputs, setting.conditions)
        yield setting, verdict.applies, f"{setting.rule_type} ({setting.mode}): {verdict.reason}"
