"""How each rule stands: its score against what people decided, and what speaks against it since it is on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.approval.backtest import DecidedVersion, RuleScore, first_of, score
from sales_agent.pipeline.approval.decided_repository import DecidedRepository, DecidedRow
from sales_agent.pipeline.approval.doubt import Doubt, doubt_of
from sales_agent.pipeline.approval.inputs import DecisionInputs, RuleMode, inputs_of
from sales_agent.pipeline.approval.models import AutoApprovalRule, AutoApprovalRuleMove, OperatorDecisionKind
from sales_agent.pipeline.approval.repository import RuleRepository
from sales_agent.pipeline.approval.rule_repository import (
    ObservationRepository,
    RuleMoveRepository,
    RuleVersionRepository,
)
from sales_agent.pipeline.approval.rules import newest


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule with its score (None for a type that nobody knows), its doubt since it was last put on, and its moves.

    `counts_since`: from when on decisions count for the score; None: all of them.
    """

    rule: AutoApprovalRule
    score: RuleScore | None
    counts_since: dt.datetime | None
    doubt: Doubt
    last_move: AutoApprovalRuleMove | None
    put_on: AutoApprovalRuleMove | None


async def standings(session: AsyncSession, tenant_id: UUID) -> list[Standing]:
    """Every rule of the tenant, in the order they are asked."""
    decided = await decided_versions(session, tenant_id)
    return [
        await _standing(session, tenant_id, rule, decided) for rule in await RuleRepository(session, tenant_id).all()
    ]


async def score_of(session: AsyncSession, tenant_id: UUID, rule: AutoApprovalRule) -> RuleScore:
    """What the rule in its present version has earned. Raises KeyError for a type that nobody knows."""
    since = await _counts_since(session, tenant_id, rule)
    return _earned(rule, await decided_versions(session, tenant_id), since)


async def decided_versions(session: AsyncSession, tenant_id: UUID) -> list[DecidedVersion]:
    """The first decision on each version, oldest first."""
    rows = await DecidedRepository(session, tenant_id).decided()
    return list(first_of(_decided(row) for row in rows))


async def doubt_about(
    session: AsyncSession, tenant_id: UUID, rule: AutoApprovalRule, put_on: AutoApprovalRuleMove | None
) -> Doubt:
    """The doubt about the rule's present version since the move that put it on."""
    move_id = put_on.id if put_on is not None else None
    outcomes = await ObservationRepository(session, tenant_id).outcomes(rule.rule_type, rule.version, move_id)
    return doubt_of(outcomes, rule.confidence)


async def _standing(
    session: AsyncSession, tenant_id: UUID, rule: AutoApprovalRule, decided: Sequence[DecidedVersion]
) -> Standing:
    moves = RuleMoveRepository(session, tenant_id)
    put_on = await moves.newest(rule.rule_type, after=RuleMode.ON)
    since = await _counts_since(session, tenant_id, rule)
    return Standing(
        rule=rule,
        score=_earned(rule, decided, since) if rule.rule_type in newest() else None,
        counts_since=since,
        doubt=await doubt_about(session, tenant_id, rule, put_on),
        last_move=await moves.newest(rule.rule_type),
        put_on=put_on,
    )


def _earned(rule: AutoApprovalRule, decided: Sequence[DecidedVersion], since: dt.datetime | None) -> RuleScore:
    counting = [version for version in decided if since is None or version.recorded_at >= since]
    return score(newest()[rule.rule_type], rule.conditions, rule.confidence, counting)


async def _counts_since(session: AsyncSession, tenant_id: UUID, rule: AutoApprovalRule) -> dt.datetime | None:
    """From when on decisions count for the present version; None: all of them.

    The first version comes with the house and was fitted to nobody's drafts. Whoever made a later one may have looked
    at the decisions before: only those that follow tell how good it is.
    """
    if rule.version == 1:
        return None
    return await RuleVersionRepository(session, tenant_id).made_at(rule.rule_type, rule.version)


def _decided(row: DecidedRow) -> DecidedVersion:
    return DecidedVersion(
        draft_id=row.draft_id,
        draft_version=row.draft_version,
        kind=OperatorDecisionKind(row.kind),
        reason_code=row.reason_code,
        decided_at=row.decided_at,
        recorded_at=row.recorded_at,
        logged_at=row.logged_at,
        inputs=_inputs(row.inputs),
    )


def _inputs(document: dict[str, object] | None) -> DecisionInputs | None:
    try:
        return inputs_of(document) if document is not None else None
    except ValueError:
        return None
