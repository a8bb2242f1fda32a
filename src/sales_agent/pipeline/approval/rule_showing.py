"""Turns rules, scores and logged decisions into what the API shows."""

from sales_agent.controls.settings import Switches
from sales_agent.pipeline.approval.backtest import RuleScore
from sales_agent.pipeline.approval.decided_repository import SentDrafts
from sales_agent.pipeline.approval.engine import DecisionKind, is_reached_again
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import AutoApprovalLog, AutoApprovalRule, RuleMoveCause
from sales_agent.pipeline.approval.modes import Moved
from sales_agent.pipeline.approval.rule_schemas import (
    LoggedDecision,
    RuleBacktest,
    RuleMoved,
    ShownDisagreement,
    ShownMove,
    ShownRule,
    ShownSentDrafts,
    ShownStanding,
    ShownWatch,
)
from sales_agent.pipeline.approval.standing import Standing
from sales_agent.pipeline.approval.versions import RuleValues

_STATUS = {RuleMode.ON: "enabled", RuleMode.SHADOW: "shadow", RuleMode.OFF: "disabled"}


def shown_rule(standing: Standing) -> ShownRule:
    """A rule with how it stands."""
    rule, move = standing.rule, standing.last_move
    return ShownRule(
        id=rule.id,
        rule_type=rule.rule_type,
        name=rule.name,
        description=rule.description,
        conditions=rule.conditions,
        confidence=rule.confidence,
        enabled=rule.mode == RuleMode.ON,
        mode=RuleMode(rule.mode),
        priority=rule.priority,
        version=rule.version,
        created_by=rule.created_by,
        created_at=rule.created_at,
        standing=_standing(standing),
        watch=_watch(standing),
        last_move=ShownMove.model_validate(move) if move is not None else None,
    )


def shown_sent(sent: SentDrafts) -> ShownSentDrafts:
    """The one figure."""
    return ShownSentDrafts(sent=sent.sent, unattended=sent.unattended, share=sent.share)


def shown_backtest(rule: AutoApprovalRule, values: RuleValues, score: RuleScore) -> RuleBacktest:
    """A score under `values`, which are the rule's own or others."""
    return RuleBacktest(
        rule_id=rule.id,
        rule_type=rule.rule_type,
        version=rule.version,
        is_candidate=(values.conditions, values.confidence) != (rule.conditions, rule.confidence),
        conditions=values.conditions,
        claim=score.claim,
        scored=score.scored,
        matched=score.matched,
        agreed=score.agreed,
        coverage=score.coverage,
        agreement=score.agreement,
        bound=score.bound,
        bound_reaches_claim=score.bound >= score.claim,
        is_small_sample=score.is_small,
        warning=score.shortfall,
        excluded={reason.value: count for reason, count in sorted(score.excluded.items())},
        excluded_leaking=score.excluded_leaking,
        would_have_sent=[ShownDisagreement.model_validate(draft) for draft in score.would_have_sent],
    )


def shown_move(moved: Moved, switches: Switches | None = None) -> RuleMoved:
    """Where a rule has gone; with `switches`, also whether anything goes by itself with it on."""
    lacks = _lacks(switches) if switches is not None and moved.mode is RuleMode.ON else ""
    return RuleMoved(
        status=_STATUS[moved.mode],
        rule_id=moved.rule_id,
        rule_type=moved.rule_type,
        version=moved.version,
        mode=moved.mode,
        message=f"{moved.message} {lacks}".strip(),
    )


def _lacks(switches: Switches) -> str:
    if not switches.auto_approve_enabled:
        return "But AUTO_APPROVE_ENABLED is off: nothing goes by itself until it is on."
    if switches.operator_approval_required:
        return "But OPERATOR_APPROVAL_REQUIRED is on: every draft still waits for a person."
    return ""


def shown_decision(logged: AutoApprovalLog) -> LoggedDecision:
    """A logged decision, judged again."""
    return LoggedDecision(
        id=logged.id,
        draft_id=logged.draft_id,
        draft_version=logged.draft_version,
        decision=DecisionKind(logged.decision),
        rule_type=logged.rule_type,
        rule_version=logged.rule_version,
        would_approve=logged.would_approve,
        confidence=logged.confidence,
        reasons=[str(reason) for reason in logged.reasons],
        inputs=logged.inputs,
        created_at=logged.created_at,
        reevaluates_to_the_same=is_reached_again(logged),
    )


def _standing(standing: Standing) -> ShownStanding | None:
    score = standing.score
    if score is None:
        return None
    return ShownStanding(
        decisions=score.matched,
        agreed=score.agreed,
        agreement=score.agreement,
        bound=score.bound,
        claim=score.claim,
        may_be_on=score.shortfall is None,
        lacks=score.shortfall,
        counts_since=standing.counts_since,
    )


def _watch(standing: Standing) -> ShownWatch:
    doubt, put_on, move = standing.doubt, standing.put_on, standing.last_move
    return ShownWatch(
        put_on_at=put_on.created_at if put_on is not None else None,
        is_overridden=put_on is not None and put_on.cause == RuleMoveCause.OVERRIDDEN,
        observed=doubt.observed,
        disagreed=doubt.disagreed,
        doubt=doubt.weight,
        demoted_at=move.created_at if move is not None and move.cause == RuleMoveCause.DEMOTED else None,
    )
