"""A transaction is one tenant's from first to last, and a broken connection costs one attempt, not many."""

from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from sales_agent.kit.db import Database, DatabaseUnavailable, make_engine
from tests.conftest import DatabaseUrls

PRESENT_TENANT = sa.text("select nullif(current_setting('app.tenant_id', true), '')::uuid")
TENANTS = sa.text("select count(*) from tenant")


async def present_tenant(database: Database, tenant_id: UUID | None) -> UUID | None:
    async with database.transaction(tenant_id) as session:
        return (await session.execute(PRESENT_TENANT)).scalar_one()


@pytest.fixture
async def one_connection(database_urls: DatabaseUrls):
    """A door with a single connection, so that every transaction follows another on it."""
    database = Database(make_engine(database_urls.app, pool_size=1))
    yield database
    await database.dispose()


async def test_the_tenant_is_named_for_one_transaction_only(
    one_connection: Database, tenant_id: UUID, other_tenant_id: UUID
):
    assert await present_tenant(one_connection, tenant_id) == tenant_id
    assert await present_tenant(one_connection, None) is None
    assert await present_tenant(one_connection, other_tenant_id) == other_tenant_id
    async with one_connection.transaction() as session:
        assert (await session.execute(TENANTS)).scalar_one() == 0


async def test_a_block_that_fails_leaves_neither_its_rows_nor_its_tenant(one_connection: Database, tenant_id: UUID):
    rename = sa.text("update tenant set name = 'changed'")

    async def fail() -> None:
        async with one_connection.transaction(tenant_id) as session:
            await session.execute(rename)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await present_tenant(one_connection, None) is None
    async with one_connection.transaction(tenant_id) as session:
        assert (await session.execute(sa.text("select name from tenant"))).scalar_one() != "changed"


async def test_statements_of_one_block_are_one_transaction(database: Database, tenant_id: UUID):
    number = sa.text("select pg_current_xact_id()::text")
    async with database.transaction(tenant_id) as session:
        first = (await session.execute(number)).scalar_one()
        second = (await session.execute(number)).scalar_one()
    assert first == second


async def test_after_the_server_has_closed_every_connection_one_attempt_fails_and_the_next_works(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    async with database.transaction(tenant_id) as one, database.transaction(tenant_id) as other:
        await one.execute(PRESENT_TENANT)
        await other.execute(PRESENT_TENANT)
    with psycopg.connect(database_urls.superuser, autocommit=True) as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = 'sales_agent_app'"
        )
    with pytest.raises(DatabaseUnavailable):
        await present_tenant(database, tenant_id)
    assert await present_tenant(database, tenant_id) == tenant_id
    assert await present_tenant(database, tenant_id) == tenant_id
