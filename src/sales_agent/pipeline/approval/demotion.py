"""A rule that is on keeps being judged: what became of each draft it let go counts once, for or against it."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.doubt import LIMIT, Doubt
from sales_agent.pipeline.approval.engine import DecisionKind
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.log_repository import ApprovalLogRepository
from sales_agent.pipeline.approval.models import AutoApprovalLog, AutoApprovalRule, RuleMoveCause
from sales_agent.pipeline.approval.modes import move_rule
from sales_agent.pipeline.approval.rule_repository import (
    ObservationRepository,
    RuleMoveRepository,
    RuleVersionRepository,
)
from sales_agent.pipeline.approval.standing import doubt_about
from sales_agent.pipeline.drafting.repository import DraftRepository

log = structlog.stdlib.get_logger()


async def observe(session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, agreed: bool) -> None:
    """Count what became of a draft that a rule let go, and put the rule into shadow where its claim is disproved.

    `agreed`: it was sent, or a person approved it as it was; otherwise a person withdrew, changed or rejected it. The
    first outcome of a draft counts, later ones do not. Nothing happens for a draft that no rule let go.
    """
    logged = await _let_go_by_a_rule(session, tenant_id, draft_id, agreed=agreed)
    if logged is None:
        return
    rule = await RuleVersionRepository(session, tenant_id).locked_type(logged.rule_type or "")
    if rule is None:
        return
    put_on = await RuleMoveRepository(session, tenant_id).newest(rule.rule_type, after=RuleMode.ON)
    is_new = await ObservationRepository(session, tenant_id).add(
        draft_id,
        rule_type=rule.rule_type,
        rule_version=logged.rule_version,
        move_id=put_on.id if put_on is not None else None,
        agreed=agreed,
    )
    if not is_new or rule.mode != RuleMode.ON:
        return
    doubt = await doubt_about(session, tenant_id, rule, put_on)
    if doubt.disproves:
        await _demote(session, tenant_id, rule, doubt)


async def _let_go_by_a_rule(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, agreed: bool
) -> AutoApprovalLog | None:
    """The decision by which a rule let the draft go; None where the last word on it was another."""
    logged = await ApprovalLogRepository(session, tenant_id).newest_of(draft_id)
    if logged is None or logged.decision != DecisionKind.AUTO_APPROVED:
        return None
    found = await DraftRepository(session, tenant_id).get(draft_id)
    if agreed and (found is None or found[0].version != logged.draft_version):
        return None  # what went out are other words than the rule had seen
    return logged


async def _demote(session: AsyncSession, tenant_id: UUID, rule: AutoApprovalRule, doubt: Doubt) -> None:
    reason = (
        f"People took back {doubt.disagreed} of {doubt.observed} drafts since it was put on: doubt {doubt.weight:.1f}, "
        f"where {LIMIT:g} disproves the claim of {rule.confidence:g}."
    )
    facts = {
        "observed": doubt.observed,
        "disagreed": doubt.disagreed,
        "doubt": round(doubt.weight, 2),
        "limit": LIMIT,
        "claim": rule.confidence,
    }
    await move_rule(session, tenant_id, rule, RuleMode.SHADOW, RuleMoveCause.DEMOTED, reason, actor=SYSTEM, facts=facts)
    log.warning("rule.demoted", tenant_id=str(tenant_id), rule=rule.rule_type, rule_version=rule.version)
