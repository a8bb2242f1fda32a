"""Stores rows made by the factories, as the tenant they belong to."""

from uuid import UUID

import sqlalchemy as sa

from sales_agent.access.tenancy.models import Tenant
from sales_agent.kit.db import Database
from sales_agent.kit.tables import Base, TenantOwned


def owner_of(row: Base) -> UUID:
    """The tenant a row belongs to."""
    if isinstance(row, Tenant):
        return row.id
    assert isinstance(row, TenantOwned), f"{row} belongs to no tenant"
    return row.tenant_id


async def store(database: Database, *rows: Base) -> UUID:
    """Store rows of one tenant, in the order given; returns the id of the first."""
    async with database.transaction(owner_of(rows[0])) as session:
        for row in rows:
            session.add(row)
            await session.flush()
    return rows[0].id


async def count_of(database: Database, tenant_id: UUID, table: type[Base]) -> int:
    """How many rows of a table the tenant has."""
    async with database.transaction(tenant_id) as session:
        return (await session.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
