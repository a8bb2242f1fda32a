"""The suppression list from the command line: added to, taken over from a file, handed out as one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.setup import tenant_of
from sales_agent.config import Settings
from sales_agent.console.suppression.lists import TakenOver, hand_out, take_over
from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.suppression import suppress, suppress_domain
from sales_agent.kit.db import Database

# How an entry came onto the list, and who acted: the shell knows no person.
_SHELL = "command_line"


async def add_suppression(settings: Settings, *, slug: str, whom: str, reason: SuppressionReason) -> bool:
    """Suppress an address, or a domain where there is none; whether that is new. Raises as `suppress` does."""
    async with _tenant(settings, slug) as (database, tenant_id), database.transaction(tenant_id) as session:
        add = suppress if "@" in whom[1:] else suppress_domain
        return await add(session, tenant_id, whom, reason=reason, source=_SHELL, by=_SHELL)


async def import_suppressions(settings: Settings, *, slug: str, raw: bytes, reason: SuppressionReason) -> TakenOver:
    """Take a file over. Raises TenantUnknown, ListNotUnderstood, ListTooLong."""
    async with _tenant(settings, slug) as (database, tenant_id):
        return await take_over(database, tenant_id, raw, reason=reason, by=_SHELL)


async def export_suppressions(settings: Settings, *, slug: str) -> str:
    """The list as CSV. Raises TenantUnknown."""
    async with _tenant(settings, slug) as (database, tenant_id):
        return "".join([piece async for piece in await hand_out(database, tenant_id, by=_SHELL)])


@asynccontextmanager
async def _tenant(settings: Settings, slug: str) -> AsyncGenerator[tuple[Database, UUID]]:
    container = build_container(settings)
    try:
        yield container.database, await tenant_of(container.database, slug)
    finally:
        await container.close()
