"""Stopped means stopped; in doubt it is stopped; and every turn of the switch is in the audit trail."""

from uuid import UUID

import psycopg
import sqlalchemy as sa

from sales_agent.controls.hold_reasons import STOPPED, UNREADABLE, hold_reason
from sales_agent.controls.kill_switch import KillSwitch, KillSwitchStatus
from sales_agent.controls.settings import CAREFUL, Switches, change_setting
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from tests.conftest import DatabaseUrls

ALLOWED = Switches(allow_crm_writes=True)


async def test_a_tenant_that_never_stopped_is_not_stopped(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        switch = KillSwitch(session, tenant_id)
        assert not await switch.is_stopped()
        assert await switch.status() == KillSwitchStatus()
        assert not await switch.resume(by="mara")


async def test_stop_holds_until_resume_and_keeps_its_first_reason(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        await KillSwitch(session, tenant_id).stop(by="mara", reason="wrong price list")
    async with database.transaction(tenant_id) as session:
        await KillSwitch(session, tenant_id).stop(by="noor", reason="me too")
        status = await KillSwitch(session, tenant_id).status()
        assert (status.stopped_by, status.reason) == ("mara", "wrong price list")
        assert await KillSwitch(session, tenant_id).is_stopped()
    async with database.transaction(other_tenant_id) as session:
        assert not await KillSwitch(session, other_tenant_id).is_stopped()
    async with database.transaction(tenant_id) as session:
        assert await KillSwitch(session, tenant_id).resume(by="mara")
        assert not await KillSwitch(session, tenant_id).is_stopped()


async def test_a_stop_is_seen_by_a_transaction_that_read_the_switch_before(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as worker:
        assert not await KillSwitch(worker, tenant_id).is_stopped()
        async with database.transaction(tenant_id) as operator:
            await KillSwitch(operator, tenant_id).stop(by="mara", reason="stop")
        assert await KillSwitch(worker, tenant_id).is_stopped()


async def test_a_switch_that_cannot_be_read_counts_as_set(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("revoke select on kill_switch from sales_agent_application")
    async with database.transaction(tenant_id) as session:
        assert await KillSwitch(session, tenant_id).is_stopped()
    async with database.transaction(tenant_id) as session:
        assert await hold_reason(session, tenant_id, ALLOWED, None) == STOPPED


async def test_every_turn_is_recorded_and_what_was_stopped_already_too(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        switch = KillSwitch(session, tenant_id)
        await switch.stop(by="mara", reason="a")
        await switch.stop(by="noor", reason="b")
        await switch.resume(by="mara")
        await switch.resume(by="noor")
        rows = await session.execute(sa.select(AuditEvent.action, AuditEvent.actor).order_by(AuditEvent.at))
        assert [tuple(row) for row in rows] == [
            ("kill_switch.stopped", "mara"),
            ("kill_switch.stopped", "noor"),
            ("kill_switch.resumed", "mara"),
        ]


async def test_a_write_waits_for_the_kill_switch_and_for_its_own_switch(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        assert await hold_reason(session, tenant_id, ALLOWED, "allow_crm_writes") is None
        assert await hold_reason(session, tenant_id, CAREFUL, "allow_crm_writes") == "ALLOW_CRM_WRITES is off"
        assert await hold_reason(session, tenant_id, CAREFUL, None) is None
        await change_setting(session, tenant_id, "allow_crm_writes", value=False, by="mara", ceiling=ALLOWED)
        assert await hold_reason(session, tenant_id, ALLOWED, "allow_crm_writes") == "ALLOW_CRM_WRITES is off"
        await KillSwitch(session, tenant_id).stop(by="mara", reason="stop")
        assert await hold_reason(session, tenant_id, ALLOWED, None) == STOPPED


async def test_a_write_waits_while_the_settings_cannot_be_read(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("revoke select on setting from sales_agent_application")
    async with database.transaction(tenant_id) as session:
        assert await hold_reason(session, tenant_id, ALLOWED, "allow_crm_writes") == UNREADABLE
