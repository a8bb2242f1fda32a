"""Whoever runs the installation carries suppression lists about without a key, and it is on record."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from sales_agent.access.tenancy.models import Tenant
from sales_agent.bootstrap.setup import TenantUnknown
from sales_agent.bootstrap.suppressions import add_suppression, export_suppressions, import_suppressions
from sales_agent.config import Settings
from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.suppression import is_suppressed
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import api_settings
from tests.factories.store import store


@pytest.fixture
def settings(database_urls: DatabaseUrls, data_dir: Path) -> Settings:
    return api_settings(database_urls.app, data_dir)


@pytest.fixture
async def tenant(database: Database) -> Tenant:
    tenant = make_tenant()
    await store(database, tenant)
    return tenant


async def covered(database: Database, tenant_id: UUID, address: str) -> bool:
    async with database.transaction(tenant_id) as session:
        return await is_suppressed(session, tenant_id, address)


async def test_an_address_a_domain_and_a_file_are_added_and_come_out_again(
    settings: Settings, tenant: Tenant, database: Database, database_urls: DatabaseUrls
):
    manual = SuppressionReason.MANUAL
    for whom in ("ada@fabrikam.example", "@contoso.example"):
        assert await add_suppression(settings, slug=tenant.slug, whom=whom, reason=manual)
        assert not await add_suppression(settings, slug=tenant.slug, whom=whom, reason=manual)
    taken = await import_suppressions(
        settings, slug=tenant.slug, raw=b"bob@fabrikam.example\nnobody at all\n", reason=manual
    )
    told = await export_suppressions(settings, slug=tenant.slug)

    assert (taken.added, taken.known, [bad.line for bad in taken.bad]) == (1, 0, [2])
    for address in ("ada@fabrikam.example", "bob@fabrikam.example", "x@sub.contoso.example"):
        assert await covered(database, tenant.id, address)
    assert len(told.splitlines()) == 4
    assert "fabrikam" not in told
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute("select action, actor from audit_event order by id").fetchall()
    assert [action for action, _ in rows] == [
        "address.suppressed",
        "domain.suppressed",
        "suppressions.imported",
        "suppressions.exported",
    ]
    assert {actor for _, actor in rows} == {"command_line"}


async def test_a_tenant_that_is_not_there_is_named(settings: Settings, tenant: Tenant):
    with pytest.raises(TenantUnknown):
        await export_suppressions(settings, slug="nobody")
