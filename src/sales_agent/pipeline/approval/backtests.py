"""Backtests of a tenant's rules: as they are, or as one of them might be."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.approval.backtest import RuleScore, score
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.modes import RuleNotFound
from sales_agent.pipeline.approval.repository import RuleRepository
from sales_agent.pipeline.approval.rules import newest
from sales_agent.pipeline.approval.standing import decided_versions
from sales_agent.pipeline.approval.versions import RuleChange, RuleValues, changed, require_allowed

Backtest = tuple[AutoApprovalRule, RuleValues, RuleScore]


async def of_rules(session: AsyncSession, tenant_id: UUID, rule_id: UUID | None = None) -> list[Backtest]:
    """Every rule, or one, as it is; types that nobody knows any more are left out. Raises RuleNotFound."""
    rules = [rule for rule in await _rules(session, tenant_id, rule_id) if rule.rule_type in newest()]
    decided = await decided_versions(session, tenant_id)
    return [
        (rule, _values(rule), score(newest()[rule.rule_type], rule.conditions, rule.confidence, decided))
        for rule in rules
    ]


async def of_candidate(session: AsyncSession, tenant_id: UUID, rule_id: UUID, change: RuleChange) -> Backtest:
    """One rule as it might be. Raises RuleNotFound, RuleValuesRefused."""
    (rule,) = await _rules(session, tenant_id, rule_id)
    values = changed(_values(rule), change)
    require_allowed(rule.rule_type, values)
    decided = await decided_versions(session, tenant_id)
    return rule, values, score(newest()[rule.rule_type], values.conditions, values.confidence, decided)


async def _rules(session: AsyncSession, tenant_id: UUID, rule_id: UUID | None) -> Sequence[AutoApprovalRule]:
    rules = await RuleRepository(session, tenant_id).all()
    chosen = [rule for rule in rules if rule_id in {None, rule.id}]
    if rule_id is not None and not chosen:
        raise RuleNotFound(rule_id=rule_id)
    return chosen


def _values(rule: AutoApprovalRule) -> RuleValues:
    return RuleValues(rule.conditions, rule.confidence, rule.priority)
