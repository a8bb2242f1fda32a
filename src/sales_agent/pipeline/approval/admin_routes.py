"""HTTP doors to rules and approved recipients, for those who own the switches."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import MAX_OFFSET
from sales_agent.pipeline.approval import recipients, seed
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.repository import RecipientRepository, RuleRepository
from sales_agent.pipeline.approval.schemas import (
    RecipientList,
    RecipientRemoved,
    RuleList,
    RulesSeeded,
    ShownRecipient,
    ShownRule,
)

router = APIRouter(prefix="/api/admin", tags=["approval"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]


@router.get("/rules")
async def list_rules(caller: Reader, database: Store) -> RuleList:
    """Every rule with its mode and claim, in the order they are asked."""
    async with database.transaction(caller.tenant_id) as session:
        rules = await RuleRepository(session, caller.tenant_id).all()
    return RuleList(total_count=len(rules), rules=[_shown(rule) for rule in rules])


@router.post("/rules/seed")
async def seed_rules(caller: Admin, database: Store) -> RulesSeeded:
    """Add the rules this tenant lacks, in shadow: they log what they would do. Those it has stay as they are."""
    async with database.transaction(caller.tenant_id) as session:
        seeded = sorted(await seed.seed_rules(session, caller.tenant_id, actor=caller.actor))
    message = f"{len(seeded)} rules added in shadow." if seeded else "Every rule was there already."
    return RulesSeeded(message=message, seeded=seeded)


@router.get("/approved-recipients")
async def list_approved_recipients(
    caller: Reader,
    database: Store,
    limit: Annotated[int, Query(ge=1, le=500, description="Recipients a page.")] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET, description="Recipients to leave out.")] = 0,
) -> RecipientList:
    """People who were written to before, newest first."""
    async with database.transaction(caller.tenant_id) as session:
        total, rows = await RecipientRepository(session, caller.tenant_id).page(limit=limit, offset=offset)
    shown = [ShownRecipient.model_validate(row, from_attributes=True) for row in rows]
    return RecipientList(total_count=total, returned_count=len(shown), limit=limit, offset=offset, recipients=shown)


@router.delete("/approved-recipients/{recipient_id}")
async def remove_approved_recipient(recipient_id: UUID, caller: Admin, database: Store) -> RecipientRemoved:
    """Drafts to this address wait for a person again. It comes back with the next mail that really goes out to it."""
    async with database.transaction(caller.tenant_id) as session:
        email = await recipients.remove(session, caller.tenant_id, recipient_id, actor=caller.actor)
    return RecipientRemoved(email=email)


def _shown(rule: AutoApprovalRule) -> ShownRule:
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
    )
