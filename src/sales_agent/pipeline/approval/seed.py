"""Seeding: a tenant's rules as the table has them, all in shadow, since nothing has earned its right yet."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.ledger.audit.record import SYSTEM, AuditEntry, record
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.repository import RuleRepository
from sales_agent.pipeline.approval.rule_repository import RuleVersionRepository
from sales_agent.pipeline.approval.rules import newest


async def seed_rules(session: AsyncSession, tenant_id: UUID, *, actor: str = SYSTEM) -> frozenset[str]:
    """Insert the rules the tenant lacks, in shadow; those it has stay as they are. The types that are new."""
    values: list[dict[str, object]] = [
        {
            "rule_type": rule.rule_type,
            "conditions": dict(rule.conditions),
            "confidence": rule.confidence,
            "priority": rule.priority,
            "version": 1,
            "created_by": actor,
        }
        for rule in newest().values()
    ]
    added = await RuleRepository(session, tenant_id).add_missing(
        [
            {**row, "name": rule.name, "description": rule.description, "mode": RuleMode.SHADOW}
            for row, rule in zip(values, newest().values(), strict=True)
        ]
    )
    await RuleVersionRepository(session, tenant_id).add([row for row in values if row["rule_type"] in added])
    entries = [
        AuditEntry("rule.seeded", actor=actor, facts={"rule": rule_type, "mode": RuleMode.SHADOW})
        for rule_type in sorted(added)
    ]
    await record(session, tenant_id, *entries)
    return added
