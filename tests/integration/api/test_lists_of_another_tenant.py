"""What a list shows its own tenant, it shows nobody else: every list of the route table, asked by both."""

from uuid import UUID

import httpx2

from sales_agent.access.auth.roles import Role
from sales_agent.kit.db import Database
from sales_agent.kit.tables import Base
from tests.factories.everything import one_row_each
from tests.factories.people import signed_in_as
from tests.factories.store import store
from tests.integration.api.doors import doors
from tests.integration.tenancy.arguments import MARK, marked

LISTS = [door for door in doors() if door.method == "GET" and door.needs is not None and not door.parameters]

# These tell how a tenant stands, and name no row of it.
NAMES_NO_ROW = {"/api/admin/go-live", "/api/admin/flags"}

# Asked for what lies there, where a list shows something else unless it is told.
QUERIES = {"/api/effects": {"status": "unknown"}}

# What is called so that a list knows it, and keeps its name.
KNOWN_BY = {"setting": "key", "setting_change": "key", "feature_flag": "name"}


def told_rows(tenant_id: UUID) -> list[Base]:
    """A row in every table, its texts marked."""
    rows = [row for row in marked(one_row_each(tenant_id)) if isinstance(row, Base)]
    for row in rows:
        if column := KNOWN_BY.get(row.__tablename__):
            setattr(row, column, getattr(row, column).removesuffix(f" {MARK}"))
    return rows


async def test_a_list_shows_the_rows_of_its_own_tenant_and_of_no_other(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    rows = told_rows(tenant_id)
    await store(database, *rows)
    words = {MARK, *(str(row.id) for row in rows)}
    owner, stranger = [await signed_in_as(database, each, Role.OWNER) for each in (tenant_id, other_tenant_id)]

    found: dict[str, tuple[bool, bool]] = {}
    for door in LISTS:
        answers = [
            await client.get(door.path, params=QUERIES.get(door.path), headers=headers) for headers in (owner, stranger)
        ]
        assert [answer.status_code for answer in answers] == [200, 200], door
        found[door.path] = tuple(any(word in answer.text for word in words) for answer in answers)

    assert found == {door.path: (door.path not in NAMES_NO_ROW, False) for door in LISTS}
