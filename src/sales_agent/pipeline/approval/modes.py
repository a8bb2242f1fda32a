"""The modes of a rule: off, shadow, on. It goes as far as it has earned, or as an owner answers for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.errors import NotAllowed, NotFound, PreconditionFailed
from sales_agent.kit.storable import storable_text
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import AutoApprovalRule, RuleMoveCause
from sales_agent.pipeline.approval.rule_repository import RuleMoveRepository, RuleVersionRepository
from sales_agent.pipeline.approval.rules import newest
from sales_agent.pipeline.approval.standing import score_of

_UNKNOWN_TYPE: Final = "Nobody knows this type of rule any more."


class RuleNotFound(NotFound):
    """There is no rule under this id."""


class RuleVersionChanged(PreconditionFailed):
    """The rule is in another version by now; read it again, then decide."""


class OverrideIsForOwners(NotAllowed):
    """Only an owner may put a rule on that has not earned it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The mode a rule is in now, and in one sentence why."""

    rule_id: UUID
    rule_type: str
    version: int
    mode: RuleMode
    message: str


@dataclass(frozen=True, slots=True)
class Override:
    """An owner answers for a rule, with a reason; `is_owner` says whether whoever asked is one."""

    reason: str
    is_owner: bool


async def locked_rule(
    session: AsyncSession, tenant_id: UUID, rule_id: UUID, *, expected_version: int | None = None
) -> AutoApprovalRule:
    """The rule, locked. Raises RuleNotFound, and RuleVersionChanged where it is not in the version expected."""
    rule = await RuleVersionRepository(session, tenant_id).locked(rule_id)
    if rule is None:
        raise RuleNotFound(rule_id=rule_id)
    if expected_version is not None and rule.version != expected_version:
        raise RuleVersionChanged(expected=expected_version, version=rule.version)
    return rule


async def enable(
    session: AsyncSession,
    tenant_id: UUID,
    rule_id: UUID,
    *,
    actor: str,
    override: Override | None = None,
    expected_version: int | None = None,
) -> Moved:
    """Put a rule on if it has earned it; otherwise it is put, or stays, in shadow, and the answer says what it lacks.

    Raises RuleNotFound, RuleVersionChanged, OverrideIsForOwners.
    """
    rule = await locked_rule(session, tenant_id, rule_id, expected_version=expected_version)
    if override is not None and not override.is_owner:
        raise OverrideIsForOwners
    if rule.mode == RuleMode.ON:
        return _moved(rule, RuleMode.ON, "The rule is on.")
    if rule.rule_type not in newest():
        return _moved(rule, RuleMode(rule.mode), _UNKNOWN_TYPE)
    score = await score_of(session, tenant_id, rule)
    facts: dict[str, object] = {"decisions": score.matched, "bound": round(score.bound, 4), "claim": score.claim}
    shortfall = score.shortfall
    if shortfall is None:
        reason = f"Earned: agreement is at least {score.bound:.3f} over {score.matched} decisions."
        await move_rule(session, tenant_id, rule, RuleMode.ON, RuleMoveCause.ENABLED, reason, actor=actor, facts=facts)
        return _moved(rule, RuleMode.ON, reason)
    if override is not None:
        cause = RuleMoveCause.OVERRIDDEN
        await move_rule(session, tenant_id, rule, RuleMode.ON, cause, override.reason, actor=actor, facts=facts)
        return _moved(rule, RuleMode.ON, f"An owner answers for it. By itself it lacks: {shortfall}")
    if rule.mode == RuleMode.OFF:
        cause = RuleMoveCause.ENABLED
        await move_rule(session, tenant_id, rule, RuleMode.SHADOW, cause, shortfall, actor=actor, facts=facts)
    return _moved(rule, RuleMode.SHADOW, f"In shadow, where it decides nothing yet: {shortfall}")


async def disable(
    session: AsyncSession, tenant_id: UUID, rule_id: UUID, *, actor: str, expected_version: int | None = None
) -> Moved:
    """Ask the rule no more. Raises RuleNotFound, RuleVersionChanged."""
    rule = await locked_rule(session, tenant_id, rule_id, expected_version=expected_version)
    message = "The rule is off: it is not asked."
    if rule.mode != RuleMode.OFF:
        await move_rule(session, tenant_id, rule, RuleMode.OFF, RuleMoveCause.DISABLED, message, actor=actor)
    return _moved(rule, RuleMode.OFF, message)


async def move_rule(
    session: AsyncSession,
    tenant_id: UUID,
    rule: AutoApprovalRule,
    after: RuleMode,
    cause: RuleMoveCause,
    reason: str,
    *,
    actor: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Put a locked rule into a mode, and keep who did it and why.

    `reason` may be a person's words: it is kept with the move, not in the audit trail, whose event names the move.
    """
    before = RuleMode(rule.mode)
    move_id = await RuleMoveRepository(session, tenant_id).add(
        rule_type=rule.rule_type,
        rule_version=rule.version,
        before=before,
        after=after,
        cause=cause,
        reason=storable_text(reason),
        actor=actor,
    )
    await RuleVersionRepository(session, tenant_id).change(rule.id, mode=after)
    told = {"rule": rule.rule_type, "rule_version": rule.version, "before": before, "after": after}
    entry = AuditEntry(
        f"rule.{cause}",
        actor=actor,
        subject=("auto_approval_rule", rule.id),
        facts={**told, "move_id": str(move_id), **(facts or {})},
    )
    await record(session, tenant_id, entry)


def _moved(rule: AutoApprovalRule, mode: RuleMode, message: str) -> Moved:
    return Moved(rule.id, rule.rule_type, rule.version, mode, message)
