"""HTTP doors to rules, what they have earned, their log, and approved recipients, for those who own the switches."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AfterValidator

from sales_agent.access.auth.dependencies import authenticated, open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.controls.settings import Switches, read_switches
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, Cursor
from sales_agent.pipeline.approval import backtests, modes, recipients, seed
from sales_agent.pipeline.approval.decided_repository import DecidedRepository
from sales_agent.pipeline.approval.engine import DecisionKind
from sales_agent.pipeline.approval.log_repository import ApprovalLogRepository, LogFilter
from sales_agent.pipeline.approval.repository import RecipientRepository
from sales_agent.pipeline.approval.rule_schemas import (
    ApprovalLog,
    BacktestList,
    BacktestRequest,
    ChangeRule,
    DisableRule,
    EnableRule,
    RuleBacktest,
    RuleList,
    RuleMoved,
    RulesSeeded,
)
from sales_agent.pipeline.approval.rule_showing import (
    shown_backtest,
    shown_decision,
    shown_move,
    shown_rule,
    shown_sent,
)
from sales_agent.pipeline.approval.rules import newest
from sales_agent.pipeline.approval.schemas import RecipientList, RecipientRemoved, ShownRecipient
from sales_agent.pipeline.approval.standing import standings
from sales_agent.pipeline.approval.versions import RuleChange, change_rule

router = APIRouter(prefix="/api/admin", tags=["approval"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]


async def _ceiling(request: Request, caller: Annotated[Principal, Depends(authenticated)]) -> Switches:
    """How far the switches of the caller's tenant may go."""
    return await request.app.state.container.ceiling(caller.tenant_id)


def _known(rule_type: str) -> str:
    if rule_type not in newest():
        message = f"no rule is of this type; choose of {', '.join(newest())}"
        raise ValueError(message)
    return rule_type


Ceiling = Annotated[Switches, Depends(_ceiling)]
RuleType = Annotated[str, AfterValidator(_known)]


@router.get("/rules")
async def list_rules(caller: Reader, database: Store) -> RuleList:
    """Every rule in the order they are asked: mode, claim, what it has earned, and how it does while it is on."""
    async with database.transaction(caller.tenant_id) as session:
        rules = [shown_rule(standing) for standing in await standings(session, caller.tenant_id)]
        sent = await DecidedRepository(session, caller.tenant_id).sent_drafts()
    return RuleList(total_count=len(rules), rules=rules, sent_without_a_hand=shown_sent(sent))


@router.post("/rules/seed")
async def seed_rules(caller: Admin, database: Store) -> RulesSeeded:
    """Add the rules this tenant lacks, in shadow: they log what they would do. Those it has stay as they are."""
    async with database.transaction(caller.tenant_id) as session:
        seeded = sorted(await seed.seed_rules(session, caller.tenant_id, actor=caller.actor))
    message = f"{len(seeded)} rules added in shadow." if seeded else "Every rule was there already."
    return RulesSeeded(message=message, seeded=seeded)


@router.post("/rules/{rule_id}/enable")
async def enable_rule(
    rule_id: UUID, caller: Admin, database: Store, ceiling: Ceiling, wish: EnableRule | None = None
) -> RuleMoved:
    """Put a rule on if it has earned it: 50 decisions, and a bound that reaches its claim.

    Otherwise it is put, or stays, in shadow, and the message says what it lacks. An owner may put it on nevertheless,
    with a reason that is kept. The message also says where a switch keeps it from letting anything go.
    """
    asked = wish or EnableRule()
    override = modes.Override(asked.override_reason, caller.may(Scope.OWNER)) if asked.override_reason else None
    async with database.transaction(caller.tenant_id) as session:
        moved = await modes.enable(
            session, caller.tenant_id, rule_id, actor=caller.actor, override=override, expected_version=asked.version
        )
        switches = await read_switches(session, caller.tenant_id, ceiling)
    return shown_move(moved, switches)


@router.post("/rules/{rule_id}/disable")
async def disable_rule(rule_id: UUID, caller: Admin, database: Store, wish: DisableRule | None = None) -> RuleMoved:
    """Ask the rule no more; what it let go before stays as it is."""
    async with database.transaction(caller.tenant_id) as session:
        moved = await modes.disable(
            session, caller.tenant_id, rule_id, actor=caller.actor, expected_version=wish.version if wish else None
        )
    return shown_move(moved)


@router.patch("/rules/{rule_id}")
async def change_a_rule(rule_id: UUID, wish: ChangeRule, caller: Admin, database: Store) -> RuleMoved:
    """Make the next version of a rule. It has earned nothing yet: one that was on goes back to shadow."""
    change = RuleChange(wish.conditions, wish.confidence, wish.priority)
    async with database.transaction(caller.tenant_id) as session:
        moved = await change_rule(
            session, caller.tenant_id, rule_id, change, expected_version=wish.version, actor=caller.actor
        )
    return shown_move(moved)


@router.get("/rule-backtests")
async def list_rule_backtests(
    caller: Reader,
    database: Store,
    rule_id: Annotated[UUID | None, Query(description="Only this rule.")] = None,
) -> BacktestList:
    """Every rule as it is, scored over every recorded decision of a person, from what was known at each of them."""
    async with database.transaction(caller.tenant_id) as session:
        found = await backtests.of_rules(session, caller.tenant_id, rule_id)
        sent = await DecidedRepository(session, caller.tenant_id).sent_drafts()
    return BacktestList(items=[shown_backtest(*row) for row in found], sent_without_a_hand=shown_sent(sent))


@router.post("/rule-backtests")
async def run_rule_backtest(wish: BacktestRequest, caller: Admin, database: Store) -> RuleBacktest:
    """Score a rule as it might be. Whoever chooses among many candidates by it chooses the luckiest: see `enable`."""
    change = RuleChange(wish.conditions, wish.confidence)
    async with database.transaction(caller.tenant_id) as session:
        found = await backtests.of_candidate(session, caller.tenant_id, wish.rule_id, change)
    return shown_backtest(*found)


@router.get("/approval-log")
async def list_approval_log(
    caller: Reader,
    database: Store,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Decisions a page.")] = DEFAULT_LIMIT,
    draft_id: Annotated[UUID | None, Query(description="Only decisions on this draft.")] = None,
    rule_type: Annotated[RuleType | None, Query(description="Only decisions that this rule vouched for.")] = None,
    decision: Annotated[DecisionKind | None, Query(description="Only decisions that came out so.")] = None,
) -> ApprovalLog:
    """What the rules decided, newest first, with every input, each judged again while you look."""
    after = Cursor.decode(cursor) if cursor else None
    async with database.transaction(caller.tenant_id) as session:
        page = await ApprovalLogRepository(session, caller.tenant_id).page(
            LogFilter(draft_id, rule_type, decision), after=after, limit=limit
        )
    return ApprovalLog(items=[shown_decision(row) for row in page.rows], next_cursor=page.next_cursor)


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
