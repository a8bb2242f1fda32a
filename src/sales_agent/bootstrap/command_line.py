"""What a command on one tenant needs: a transaction of the tenant it names, and a name in the audit trail."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.principal import Scope
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.setup import tenant_of
from sales_agent.config import Settings
from sales_agent.console.team.authority import Authority
from sales_agent.kit.clock import Clock

# Whoever has the database's login may do everything already; the shell knows no person.
COMMAND_LINE = Authority("command_line", frozenset(Scope))


@asynccontextmanager
async def tenant_transaction(settings: Settings, slug: str) -> AsyncGenerator[tuple[AsyncSession, UUID, Clock]]:
    """A transaction of the tenant of this slug, with its id and our clock. Raises TenantUnknown."""
    container = build_container(settings)
    try:
        tenant_id = await tenant_of(container.database, slug)
        async with container.database.transaction(tenant_id) as session:
            yield session, tenant_id, container.clock
    finally:
        await container.close()
