"""A tenant's own settings lie over the defaults, checked when they are written."""

from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.settings import (
    CAREFUL,
    SellerProfile,
    SettingInvalid,
    SettingUnknown,
    SwitchAboveCeiling,
    Switches,
    change_setting,
    read_profile,
    read_switches,
)
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent

CEILING = Switches(draft_only=False, allow_real_sends=True, allow_crm_writes=True)
DEFAULT = SellerProfile(name="Mara", email="mara@northwind.example", calendar_ids=("primary",))


async def test_a_tenant_without_settings_has_the_defaults(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        assert await read_switches(session, tenant_id, CEILING) == CEILING
        assert await read_profile(session, tenant_id, DEFAULT) == DEFAULT


async def test_a_changed_field_lies_over_the_default_until_it_is_reset(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        for key, value in {"seller_name": "Noor", "calendar_ids": ["a", "b"], "icp_min_employees": 5}.items():
            await change_setting(session, tenant_id, key, value, by="mara", ceiling=CEILING)
    changed = replace(DEFAULT, name="Noor", calendar_ids=("a", "b"), icp_min_employees=5)
    async with database.transaction(tenant_id) as session:
        assert await read_profile(session, tenant_id, DEFAULT) == changed
        assert await SettingRepository(session, tenant_id).reset("seller_name")
        assert await read_profile(session, tenant_id, DEFAULT) == replace(changed, name="Mara")
    async with database.transaction(other_tenant_id) as session:
        assert await read_profile(session, other_tenant_id, DEFAULT) == DEFAULT


async def test_a_switch_can_be_lowered_and_raised_again_but_not_above_the_ceiling(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await change_setting(session, tenant_id, "allow_real_sends", value=False, by="mara", ceiling=CEILING)
        assert await read_switches(session, tenant_id, CEILING) == replace(CEILING, allow_real_sends=False)
        await change_setting(session, tenant_id, "allow_real_sends", value=True, by="mara", ceiling=CEILING)
        assert await read_switches(session, tenant_id, CEILING) == CEILING
        for key, bold in {"allow_real_sends": True, "draft_only": False}.items():
            with pytest.raises(SwitchAboveCeiling):
                await change_setting(session, tenant_id, key, value=bold, by="mara", ceiling=CAREFUL)


async def test_a_ceiling_that_is_lowered_later_counts_at_once(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await change_setting(session, tenant_id, "allow_real_sends", value=True, by="mara", ceiling=CEILING)
        assert await read_switches(session, tenant_id, CAREFUL) == CAREFUL


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("draft_only", "false"),
        ("draft_only", 0),
        ("seller_name", 3),
        ("calendar_ids", 7),
        ("calendar_ids", {"primary": True}),
        ("icp_min_employees", "many"),
    ],
)
async def test_a_value_that_does_not_fit_is_refused(key: str, value: object, database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        with pytest.raises(SettingInvalid):
            await change_setting(session, tenant_id, key, value, by="mara", ceiling=CEILING)
        assert await SettingRepository(session, tenant_id).all() == {}


async def test_a_setting_nobody_knows_is_refused(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        with pytest.raises(SettingUnknown):
            await change_setting(session, tenant_id, "database_url", "x", by="mara", ceiling=CEILING)


async def test_a_change_is_recorded_without_what_may_be_personal(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await change_setting(session, tenant_id, "seller_email", "noor@northwind.example", by="mara", ceiling=CEILING)
        await change_setting(session, tenant_id, "draft_only", value=True, by="mara", ceiling=CEILING)
        rows = await session.execute(sa.select(AuditEvent.action, AuditEvent.facts).order_by(AuditEvent.at))
        assert [tuple(row) for row in rows] == [
            ("setting.changed", {"key": "seller_email"}),
            ("setting.changed", {"key": "draft_only", "value": True}),
        ]
