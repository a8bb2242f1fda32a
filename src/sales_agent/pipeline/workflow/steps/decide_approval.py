"""Step 10.5: may it go by itself? The kill switch, the switches and the rules by priority, all of it logged."""

from sales_agent.connectors.errors import Permanent
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import DecidedVersion, ResolvedContact, WrittenVersion


async def decide_approval(
    contact: ResolvedContact, draft: WrittenVersion, ceiling: object, db: TenantDatabase, clock: Clock
) -> DecidedVersion:
    """The decision about exactly these words; a second call gives the logged one."""
    raise Permanent
