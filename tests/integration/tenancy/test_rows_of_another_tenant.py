"""With plain SQL and any tenant but the right one, no row can be seen, changed, removed, added or pointed to."""

from importlib import import_module
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from sales_agent.config import ROOT
from sales_agent.kit.db import Database
from sales_agent.kit.tables import Base, TenantOwned, metadata
from tests.conftest import DatabaseUrls
from tests.factories.everything import one_row_each
from tests.factories.store import store

for models in (ROOT / "src" / "sales_agent").rglob("models.py"):
    if "sandbox" not in models.parts:  # its models are language models
        import_module(".".join(models.relative_to(ROOT / "src").with_suffix("").parts))

TENANT_TABLES = sorted(table.name for table in metadata.tables.values() if "tenant_id" in table.columns)
SET_TENANT = "select set_config('app.tenant_id', %s, true)"


@pytest.fixture
async def rows(database: Database, tenant_id: UUID) -> list[TenantOwned]:
    """One row of the first tenant in every table."""
    rows = one_row_each(tenant_id)
    await store(database, *rows)
    return rows


def snapshot(urls: DatabaseUrls, tenant_id: UUID) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a tenant, as the one who may see all."""
    query = "select to_jsonb(t)::text from {} t where tenant_id = %s order by 1"
    with psycopg.connect(urls.superuser) as connection:
        return {
            table: connection.execute(sql.SQL(query).format(sql.Identifier(table)), (tenant_id,)).fetchall()
            for table in TENANT_TABLES
        }


def copy_of(row: TenantOwned, **changes: object) -> tuple[sql.Composed, list[object]]:
    """An insert of the same row with changes."""
    assert isinstance(row, Base)
    values = {column.name: getattr(row, column.key) for column in row.__table__.columns} | changes
    present = {name: value for name, value in values.items() if value is not None}
    json = {name for name in present if str(row.__table__.columns[name].type) == "JSONB"}
    statement = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(row.__tablename__),
        sql.SQL(", ").join(map(sql.Identifier, present)),
        sql.SQL(", ").join([sql.Placeholder()] * len(present)),
    )
    vectors = {name for name in present if name == "embedding"}
    return statement, [
        Jsonb(value) if name in json else str(list(value)) if name in vectors else value
        for name, value in present.items()
    ]


def refused(connection: psycopg.Connection, statement: sql.Composed, values: list[object]) -> str:
    """The state of the error a statement ends in, or how many rows it touched."""
    try:
        with connection.transaction():
            return f"{connection.execute(statement, values).rowcount} rows"
    except psycopg.Error as error:
        return error.sqlstate or "none"


NOT_GRANTED = "42501"  # also what a row that violates a policy is answered with


def test_the_factories_leave_no_table_out(rows: list[TenantOwned]):
    assert sorted(row.__tablename__ for row in rows if isinstance(row, Base)) == TENANT_TABLES


@pytest.mark.parametrize("present", ["another tenant", "no tenant", "no tenant after one"])
def test_nothing_of_a_tenant_can_be_seen_or_touched(
    present: str, database_urls: DatabaseUrls, rows: list[TenantOwned], tenant_id: UUID, other_tenant_id: UUID
):
    before = snapshot(database_urls, tenant_id)
    assert all(len(found) == 1 for found in before.values())
    with psycopg.connect(database_urls.app) as connection:
        if present == "no tenant after one":
            connection.execute(SET_TENANT, (str(tenant_id),))
            connection.commit()
        if present == "another tenant":
            connection.execute(SET_TENANT, (str(other_tenant_id),))
        for row in rows:
            table = sql.Identifier(row.__tablename__)
            everything = sql.SQL("select 1 from {}").format(table)
            assert refused(connection, everything, []) == "0 rows", row
            change = sql.SQL("update {} set id = id where id = %s").format(table)
            assert refused(connection, change, [row.id]) in {"0 rows", NOT_GRANTED}, row
            removal = sql.SQL("delete from {} where id = %s").format(table)
            assert refused(connection, removal, [row.id]) in {"0 rows", NOT_GRANTED}, row
            assert refused(connection, *copy_of(row)) == NOT_GRANTED, row
        assert connection.execute("select count(*) from tenant where id = %s", (tenant_id,)).fetchone() == (0,)
        connection.commit()
    assert snapshot(database_urls, tenant_id) == before


def test_a_tenant_cannot_give_its_own_rows_to_another(
    database_urls: DatabaseUrls, rows: list[TenantOwned], tenant_id: UUID, other_tenant_id: UUID
):
    with psycopg.connect(database_urls.app) as connection:
        connection.execute(SET_TENANT, (str(tenant_id),))
        for row in rows:
            gift = sql.SQL("update {} set tenant_id = %s where id = %s").format(sql.Identifier(row.__tablename__))
            assert refused(connection, gift, [other_tenant_id, row.id]) == NOT_GRANTED, row


async def test_a_row_cannot_point_to_a_row_of_another_tenant(
    database: Database, database_urls: DatabaseUrls, rows: list[TenantOwned], tenant_id: UUID, other_tenant_id: UUID
):
    own = {row.__tablename__: row for row in one_row_each(other_tenant_id)}
    await store(database, *own.values())
    theirs = {row.__tablename__: row for row in rows}
    pointed = 0
    with psycopg.connect(database_urls.superuser) as connection:
        for table in TENANT_TABLES:
            for key in metadata.tables[table].foreign_key_constraints:
                column = next((name for name in key.column_keys if name != "tenant_id"), None)
                if column is None:
                    continue
                target = theirs[key.referred_table.name].id
                point = sql.SQL("update {} set {} = %s where tenant_id = %s").format(
                    sql.Identifier(table), sql.Identifier(column)
                )
                # Even past row-level security: the key itself carries the tenant.
                assert refused(connection, point, [target, other_tenant_id]) == "23503", (table, column)
                pointed += 1
    assert pointed >= 15
