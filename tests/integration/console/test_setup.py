"""What is made before the first submission, and that making it again changes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.access.tenancy.repository import TenantRepository, WebhookSourceRepository
from sales_agent.bootstrap.container import Container, build_container
from sales_agent.bootstrap.demo.tenant import demo_secret, set_up_demo
from sales_agent.bootstrap.setup import TenantUnknown, set_up, tenant_of
from sales_agent.controls.settings import SellerProfile, read_profile
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.ledger.audit.trail_repository import AuditTrailRepository, TrailFilter
from sales_agent.pipeline.approval.repository import RuleRepository
from tests.conftest import DatabaseUrls
from tests.factories.api import api_settings
from tests.factories.store import count_of


@pytest.fixture
async def container(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[Container]:
    settings = api_settings(
        database_urls.app,
        data_dir,
        hubspot_portal_id=4711,
        hubspot_form_ids=("form-1",),
        hubspot_webhook_secret=SecretStr("first-secret"),
    )
    container = build_container(settings)
    yield container
    await container.close()


async def test_the_first_tenant_has_its_source_and_its_rules_in_shadow(container: Container):
    tenant_id = await set_up(container)

    async with container.database.transaction(tenant_id) as session:
        (source,) = await WebhookSourceRepository(session, tenant_id, container.keyring).all()
        rules = await RuleRepository(session, tenant_id).all()
    assert (source.key, source.portal_id, source.form_ids) == ("default", 4711, frozenset({"form-1"}))
    assert (source.secret, source.signature) == ("first-secret", SignaturePolicy.V3)
    assert {rule.mode for rule in rules} == {"shadow"}
    assert await tenant_of(container.database, "default") == tenant_id


async def test_a_changed_setting_reaches_the_source_and_nothing_is_made_twice(container: Container):
    tenant_id = await set_up(container)
    changed = build_container(
        container.settings.model_copy(update={"hubspot_webhook_secret": SecretStr("second-secret")})
    )

    again = await set_up(changed)

    async with changed.database.transaction(tenant_id) as session:
        (source,) = await WebhookSourceRepository(session, tenant_id, changed.keyring).all()
    async with changed.database.transaction(tenant_id) as session:
        trail = await AuditTrailRepository(session, tenant_id).page(TrailFilter(), after=None, limit=50)
    await changed.close()
    assert (again, source.secret) == (tenant_id, "second-secret")
    told = [event.action for event in reversed(trail.rows) if event.action != "rule.seeded"]
    assert told == ["tenant.created", "webhook_source.changed", "webhook_source.changed"]
    assert "secret" not in str([event.facts for event in trail.rows])


async def test_the_demo_tenant_is_the_sandboxs_seller_with_signatures_required(container: Container):
    tenant_id = await set_up_demo(container)

    async with container.database.transaction(tenant_id) as session:
        tenant = await TenantRepository(session, tenant_id).get()
        (source,) = await WebhookSourceRepository(session, tenant_id, container.keyring).all()
        seller = await read_profile(session, tenant_id, SellerProfile())
    assert tenant is not None
    assert (tenant.slug, tenant.is_demo) == ("demo", True)
    assert (source.key, source.signature, len(source.secret) >= 32) == ("demo", SignaturePolicy.V3, True)
    assert (seller.email, seller.time_zone) == ("mara@brightpath.example", "Europe/Berlin")


async def test_the_demo_keeps_its_secret_and_writes_no_second_trail(container: Container):
    tenant_id = await set_up_demo(container)
    secret = await demo_secret(container, tenant_id)
    trail = await count_of(container.database, tenant_id, AuditEvent)

    await set_up_demo(container)

    assert await demo_secret(container, tenant_id) == secret
    assert await count_of(container.database, tenant_id, AuditEvent) == trail


async def test_a_tenant_that_is_not_there_is_told_with_what_makes_it(container: Container):
    with pytest.raises(TenantUnknown, match="fabrikam") as raised:
        await tenant_of(container.database, "fabrikam")

    assert "sales-agent setup" in raised.value.title()
