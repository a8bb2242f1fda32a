"""A suppressed person is suppressed in every spelling, and the address itself is kept nowhere."""

from uuid import UUID

import psycopg

from sales_agent.controls.suppression import is_suppressed, suppress
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls


async def test_a_person_is_suppressed_in_every_spelling_and_for_one_tenant(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        assert not await is_suppressed(session, tenant_id, "ada@fabrikam.example")
        assert await suppress(session, tenant_id, "Ada+forms@Fabrikam.example", reason="opt_out", source="reply")
        assert not await suppress(session, tenant_id, "ada@fabrikam.example", reason="again", source="operator")
        for spelling in ("ada@fabrikam.example", "ADA@FABRIKAM.EXAMPLE", "ada+news@fabrikam.example"):
            assert await is_suppressed(session, tenant_id, spelling)
        assert not await is_suppressed(session, tenant_id, "bob@fabrikam.example")
    async with database.transaction(other_tenant_id) as session:
        assert not await is_suppressed(session, other_tenant_id, "ada@fabrikam.example")


async def test_the_address_is_in_no_row(database: Database, database_urls: DatabaseUrls, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await suppress(session, tenant_id, "ada@fabrikam.example", reason="opt_out", source="reply")
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute(
            "select to_jsonb(s)::text from suppression s union all select to_jsonb(e)::text from audit_event e"
        ).fetchall()
    assert len(rows) == 2
    assert all("fabrikam" not in row[0] for row in rows)
