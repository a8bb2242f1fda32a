"""Changing a rule: every change of what it asks for or claims is a new version, which has earned nothing yet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.errors import InvalidInput
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import AutoApprovalRule, RuleMoveCause
from sales_agent.pipeline.approval.modes import Moved, locked_rule, move_rule
from sales_agent.pipeline.approval.rule_repository import RuleVersionRepository
from sales_agent.pipeline.approval.rules import newest
from sales_agent.pipeline.approval.rules.limit import CLAIM, PRIORITY, objections


class RuleValuesRefused(InvalidInput):
    """The rule cannot be set to this."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What is to be different; None: as it is. Of the conditions, those that are named."""

    conditions: Mapping[str, object] | None = None
    confidence: float | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class RuleValues:
    """What a version of a rule asks for, what it claims, and when it is asked."""

    conditions: dict[str, object]
    confidence: float
    priority: int


async def change_rule(
    session: AsyncSession,
    tenant_id: UUID,
    rule_id: UUID,
    change: RuleChange,
    *,
    expected_version: int,
    actor: str,
) -> Moved:
    """Make the next version of a rule; one that was on goes back to shadow. Nothing new makes no version.

    Raises RuleNotFound, RuleVersionChanged, RuleValuesRefused.
    """
    rule = await locked_rule(session, tenant_id, rule_id, expected_version=expected_version)
    before = RuleValues(rule.conditions, rule.confidence, rule.priority)
    after = changed(before, change)
    mode = RuleMode(rule.mode)
    if after == before:
        return Moved(rule.id, rule.rule_type, rule.version, mode, "Nothing was different.")
    require_allowed(rule.rule_type, after)
    await _keep(session, tenant_id, rule, after, actor)
    rule = await locked_rule(session, tenant_id, rule_id)
    if mode is not RuleMode.ON:
        return Moved(rule.id, rule.rule_type, rule.version, mode, f"This is version {rule.version}.")
    reason = f"Version {rule.version} has earned nothing yet."
    await move_rule(session, tenant_id, rule, RuleMode.SHADOW, RuleMoveCause.CHANGED, reason, actor=actor)
    return Moved(rule.id, rule.rule_type, rule.version, RuleMode.SHADOW, f"Back in shadow: {reason}")


def changed(values: RuleValues, change: RuleChange) -> RuleValues:
    """The values with the changes in them, not yet judged."""
    return RuleValues(
        {**values.conditions, **(change.conditions or {})},
        values.confidence if change.confidence is None else change.confidence,
        values.priority if change.priority is None else change.priority,
    )


def require_allowed(rule_type: str, values: RuleValues) -> None:
    """Raises RuleValuesRefused for unknown or missing conditions and values out of range, and says which."""
    rule = newest().get(rule_type)
    if rule is None:
        raise RuleValuesRefused(rule_type=rule_type)
    found = [
        *objections(values.conditions, rule.limits),
        CLAIM.objection("confidence", values.confidence),
        PRIORITY.objection("priority", values.priority),
    ]
    if any(found):
        raise RuleValuesRefused(" ".join(filter(None, found)), rule_type=rule_type)


async def _keep(session: AsyncSession, tenant_id: UUID, rule: AutoApprovalRule, values: RuleValues, actor: str) -> None:
    rules, version = RuleVersionRepository(session, tenant_id), rule.version + 1
    await rules.change(rule.id, version=version, **asdict(values))
    await rules.add([{"rule_type": rule.rule_type, "version": version, "created_by": actor, **asdict(values)}])
    facts = {"rule": rule.rule_type, "rule_version": version, **asdict(values)}
    entry = AuditEntry("rule.version_made", actor=actor, subject=("auto_approval_rule", rule.id), facts=facts)
    await record(session, tenant_id, entry)
