"""Held outward writes from the command line: listed, and released as they were shown."""

from collections.abc import Sequence
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.tenancy.repository import TenantRepository
from sales_agent.bootstrap.command_line import COMMAND_LINE, tenant_transaction
from sales_agent.bootstrap.container import EFFECT_KINDS
from sales_agent.bootstrap.tenants import ceiling_of
from sales_agent.config import Settings
from sales_agent.console.held.asking import release_by_job
from sales_agent.console.held.forbidding import forbidden
from sales_agent.console.held.presenting import review_of, shown_page
from sales_agent.console.held.schemas import EffectItem, EffectPage
from sales_agent.controls.settings import Switches
from sales_agent.effects.held_repository import HeldEffectRepository
from sales_agent.effects.models import EffectStatus
from sales_agent.kit.pagination import MAX_LIMIT


async def list_effects(settings: Settings, *, slug: str, status: EffectStatus) -> EffectPage:
    """The oldest outward writes of a status. Raises TenantUnknown."""
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        page = await HeldEffectRepository(session, tenant_id).page(status=status, after=None, limit=MAX_LIMIT)
        ceiling = await _ceiling(session, tenant_id, settings)
        reasons = await forbidden(session, tenant_id, EFFECT_KINDS, ceiling, [row.effect for row in page.rows])
    return shown_page(page, EFFECT_KINDS, reasons)


async def release_effects(settings: Settings, *, slug: str, items: Sequence[EffectItem]) -> UUID:
    """Ask for writes as they were shown; the job that makes them. Raises as the API's door does."""
    ids, reviewed = [item.id for item in items], review_of(items)
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        ceiling = await _ceiling(session, tenant_id, settings)
        return await release_by_job(
            session, tenant_id, EFFECT_KINDS, ids, ceiling=ceiling, by=COMMAND_LINE.actor, reviewed=reviewed
        )


async def _ceiling(session: AsyncSession, tenant_id: UUID, settings: Settings) -> Switches:
    tenant = await TenantRepository(session, tenant_id).get()
    return ceiling_of(settings, is_demo=tenant is not None and tenant.is_demo)


def show_effects(console: Console, items: Sequence[EffectItem]) -> None:
    """One row a write."""
    table = Table(box=None, pad_edge=False)
    table.add_column("id", no_wrap=True, min_width=36)  # it is copied whole into `effects release`
    for column in ("what", "status", "since", "expires", "why", "what lets it go"):
        table.add_column(column, overflow="fold")
    for item in items:
        expires = f"{item.expires_at:%Y-%m-%d}" if item.expires_at else ""
        asked = " (asked for)" if item.release is not None and item.release.ended_at is None else ""
        why = item.held_because or item.error or ""
        since = f"{item.since:%Y-%m-%d %H:%M} UTC"
        table.add_row(str(item.id), item.title, item.status + asked, since, expires, why, item.released_when or "")
    console.print(table if items else "Nothing here.")
