"""Whatever lies in the table, and whether or not it can be read: a switch is off unless it is plainly on."""

import json
from uuid import UUID

import psycopg
import pytest

from sales_agent.controls.hold_reasons import STOPPED, UNREADABLE, hold_reason
from sales_agent.controls.settings import CAREFUL, SWITCHES, Switches, read_switches
from sales_agent.kit.db import Database, DatabaseUnavailable
from tests.conftest import DatabaseUrls

OPEN = Switches(
    draft_only=False,
    allow_real_sends=True,
    auto_approve_enabled=True,
    allow_crm_writes=True,
    allow_calendar_writes=True,
    allow_file_writes=True,
    operator_approval_required=False,
)
KINDS_SWITCHES = ("allow_real_sends", "allow_crm_writes", "allow_calendar_writes", "allow_file_writes")

ODD = ["True ", "1 ", "true", "on", "", None, 1, 0, 1.0, [], [True], {}, {"value": True}]
MISSHAPEN = [True, "true", 1, None, [], {}, {"Value": True}, {"value ": True}]


def write_rows(urls: DatabaseUrls, tenant_id: UUID, document: object) -> None:
    """Rows for every switch, as somebody with a database tool would leave them."""
    with psycopg.connect(urls.superuser) as connection:
        for key in SWITCHES:
            connection.execute(
                "insert into setting (tenant_id, id, key, value, changed_by) "
                "values (%s, gen_random_uuid(), %s, %s, 'by hand')",
                (tenant_id, key, json.dumps(document)),
            )


@pytest.mark.parametrize("document", [*({"value": odd} for odd in ODD), *MISSHAPEN], ids=repr)
async def test_an_odd_row_reads_as_the_careful_side_of_every_switch(
    document: object, database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    write_rows(database_urls, tenant_id, document)
    async with database.transaction(tenant_id) as session:
        assert await read_switches(session, tenant_id, OPEN) == CAREFUL
        for switch in KINDS_SWITCHES:
            assert await hold_reason(session, tenant_id, OPEN, switch) == f"{switch.upper()} is off"


async def test_plainly_on_is_on_for_the_tenant_that_says_so(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    write_rows(database_urls, other_tenant_id, {"value": "True "})
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute(
            "insert into setting (tenant_id, id, key, value, changed_by) "
            "values (%s, gen_random_uuid(), 'allow_crm_writes', '{\"value\": true}', 'by hand')",
            (tenant_id,),
        )
    async with database.transaction(tenant_id) as session:
        assert await read_switches(session, tenant_id, OPEN) == OPEN
        for switch in KINDS_SWITCHES:
            assert await hold_reason(session, tenant_id, OPEN, switch) is None


async def test_a_kind_without_its_switch_in_the_table_of_switches_is_never_let_out(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        with pytest.raises(AttributeError):
            await hold_reason(session, tenant_id, OPEN, "allow_everything")


CUT = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()"""


async def reason_with_the_database_cut(
    database: Database, urls: DatabaseUrls, tenant_id: UUID, switch: str | None
) -> None:
    async with database.transaction(tenant_id) as session:
        with psycopg.connect(urls.superuser, autocommit=True) as connection:
            connection.execute(CUT)
        assert await hold_reason(session, tenant_id, OPEN, switch) == STOPPED


@pytest.mark.parametrize("switch", [None, *KINDS_SWITCHES])
async def test_with_the_database_cut_every_switch_reads_as_off_and_the_transaction_fails(
    switch: str | None, database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    with pytest.raises(DatabaseUnavailable):
        await reason_with_the_database_cut(database, database_urls, tenant_id, switch)


async def test_with_the_settings_table_gone_every_switch_reads_as_off(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("alter table setting rename to setting_aside")
    for switch in KINDS_SWITCHES:
        async with database.transaction(tenant_id) as session:
            assert await hold_reason(session, tenant_id, OPEN, switch) == UNREADABLE


async def test_with_the_row_for_everybody_gone_everything_is_stopped(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("delete from installation_stop")
    async with database.transaction(tenant_id) as session:
        assert await hold_reason(session, tenant_id, OPEN, "allow_crm_writes") == STOPPED
