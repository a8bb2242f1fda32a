"""Whoever sits at the machine stops and resumes without API, session or password, and stands in the trails."""

from pathlib import Path
from uuid import UUID

import pytest

from sales_agent.bootstrap import emergency
from sales_agent.bootstrap.setup import TenantUnknown
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import api_settings
from tests.factories.store import store
from tests.integration.kill_switch.seen import actions, events, is_stopped, queue_two


async def test_everybody_is_stopped_and_resumed(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
):
    settings = api_settings(database_urls.app, data_dir)
    await queue_two(database, tenant_id)
    told = await emergency.stop(settings, slug=None, reason="wrong price list")
    assert (told["scope"], told["cancelled"], told["in_flight"]) == ("installation", 2, 0)
    assert await is_stopped(database, tenant_id)
    assert emergency.as_line(await emergency.status(settings, slug=None)).endswith("command_line: wrong price list")
    told = await emergency.resume(settings, slug=None, reason="corrected")
    assert emergency.as_line(told) == "Nothing is stopped."
    assert await events(database) == [("kill_switch.stopped", "command_line"), ("kill_switch.resumed", "command_line")]
    assert (await actions(database, tenant_id))[-2:] == ["kill_switch.stopped", "kill_switch.resumed"]


async def test_one_tenant_is_stopped_and_resumed_and_no_other(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, other_tenant_id: UUID
):
    tenant_id = await store(database, make_tenant(slug="northwind"))
    settings = api_settings(database_urls.app, data_dir)
    assert (await emergency.stop(settings, slug="northwind", reason="drill"))["scope"] == "tenant"
    assert (await is_stopped(database, tenant_id), await is_stopped(database, other_tenant_id)) == (True, False)
    assert (await emergency.status(settings, slug="northwind"))["stopped_by"] == "command_line"
    await emergency.resume(settings, slug="northwind", reason="over")
    assert not await is_stopped(database, tenant_id)
    again = await emergency.resume(settings, slug="northwind", reason="over")
    assert emergency.as_line(again) == "Nothing is stopped, nor was it before."
    await emergency.stop(settings, slug=None, reason="drill")
    still = await emergency.resume(settings, slug="northwind", reason="over")
    assert emergency.as_line(still).endswith("lifted by `sales-agent emergency resume` without --tenant.")
    with pytest.raises(TenantUnknown):
        await emergency.stop(settings, slug="contoso", reason="drill")
