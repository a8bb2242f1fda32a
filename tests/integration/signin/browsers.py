"""Browsers on networks of their own, and what the audit trail says of them."""

from uuid import UUID

import httpx2
import sqlalchemy as sa
from fastapi import FastAPI

from sales_agent.access.tenancy.models import Tenant
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent

BASE_URL = "http://127.0.0.1:8000"


def browser_of(app: FastAPI, host: str = "192.0.2.1", base_url: str = BASE_URL) -> httpx2.AsyncClient:
    """A browser with cookies of its own."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app, client=(host, 50000)), base_url=base_url)


async def slug_of(database: Database, tenant_id: UUID) -> str:
    async with database.transaction(tenant_id) as session:
        return (await session.scalars(sa.select(Tenant.slug))).one()


async def audited(database: Database, tenant_id: UUID, *, about: UUID) -> list[tuple[str, str, dict[str, object]]]:
    """Who did what about this user, with the facts, in order."""
    async with database.transaction(tenant_id) as session:
        found = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.subject_id == about).order_by(AuditEvent.at, AuditEvent.id)
        )
    return [(event.actor, event.action, event.facts) for event in found]
