"""What the checklist looks at: how the tenant stands in our tables, and what its accounts answer at this moment."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import Settings
from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.controls.sending_policy import SendingPolicy, read_sending_policy
from sales_agent.controls.settings import SellerProfile, read_profile
from sales_agent.controls.suppression_repository import SuppressionRepository
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.repository import RuleRepository


class Connector(StrEnum):
    """The accounts of a tenant."""

    MAIL = "mail"
    CRM = "crm"
    FILES = "files"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class ConnectorCheck:
    """What one account answered. `account`: whose it is, as it says itself; `detail`: for people, never a secret."""

    name: Connector
    is_ok: bool
    detail: str
    account: str = ""


# Asks every account of a tenant; reads only. One that does not answer is told as such, not raised.
CheckConnectors = Callable[[UUID], Awaitable[Sequence[ConnectorCheck]]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the points of the checklist are judged by. `suppressed` None: the list cannot be read."""

    profile: SellerProfile
    policy: SendingPolicy
    public_url: str
    connectors: Sequence[ConnectorCheck]
    suppressed: int | None
    rules_on: Sequence[str]
    rules_in_shadow: Sequence[str]
    is_stopped: bool

    def connector(self, name: Connector) -> ConnectorCheck:
        """What this account answered."""
        nothing = ConnectorCheck(name, is_ok=False, detail="was not asked")
        return next((check for check in self.connectors if check.name is name), nothing)


async def gather_facts(database: Database, settings: Settings, tenant_id: UUID, connectors: CheckConnectors) -> Facts:
    """Ask everybody; no transaction is open while the accounts are asked. Raises DatabaseUnavailable."""
    answers = await connectors(tenant_id)
    suppressed = await _suppressed(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        rules = await RuleRepository(session, tenant_id).all()
        return Facts(
            profile=await read_profile(session, tenant_id, SellerProfile.default(settings)),
            policy=await read_sending_policy(session, tenant_id, SendingPolicy.default(settings)),
            public_url=settings.public_url,
            connectors=answers,
            suppressed=suppressed,
            rules_on=[rule.rule_type for rule in rules if rule.mode == "on"],
            rules_in_shadow=[rule.rule_type for rule in rules if rule.mode == "shadow"],
            is_stopped=await KillSwitch(session, tenant_id).is_stopped(),
        )


async def _suppressed(database: Database, tenant_id: UUID) -> int | None:
    """How long the list is; in a transaction of its own, which it may cost."""
    async with database.transaction(tenant_id) as session:
        return await _count(session, tenant_id)


async def _count(session: AsyncSession, tenant_id: UUID) -> int | None:
    try:
        return await SuppressionRepository(session, tenant_id).count()
    except SQLAlchemyError:
        return None
