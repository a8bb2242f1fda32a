"""The demo tenant: the sandbox's seller, with a webhook source that has a secret of its own and signatures required."""

import secrets
from uuid import UUID

from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.access.tenancy.repository import WebhookSourceRepository
from sales_agent.bootstrap.container import Container
from sales_agent.bootstrap.setup import SourceSettings, ensure_tenant, furnish
from sales_agent.console.demo.people import FORM_ID, SOURCE_KEY
from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.settings import Switches, change_setting
from sales_agent.sandbox.hubspot.owners import PORTAL_ID
from sales_agent.sandbox.seller import SELLER

DEMO_SLUG = "demo"

# Who set these values, as the audit trail names it.
_SETUP = "setup"

# What the seller of the sandbox may offer: its folders of case studies and datasheets, without the internal drafts.
_PROFILE: dict[str, object] = {
    "seller_name": SELLER.name,
    "seller_email": SELLER.address,
    "seller_company": SELLER.company,
    "seller_time_zone": SELLER.time_zone,
    "seller_country": "DE",
    "drive_folder_ids": ["1fldCaseStudies", "1fldDatasheets"],
    "drive_excluded_folder_ids": ["1fldCaseStudiesInternal"],
    "calendar_ids": ["primary", "sales-team@brightpath.example"],
    "icp_industries": ["FACILITIES_SERVICES", "LOGISTICS_AND_SUPPLY_CHAIN", "UTILITIES"],
}


async def set_up_demo(container: Container) -> UUID:
    """Make the demo tenant, or bring it to what the sandbox is; its id. Doing it again changes nothing."""
    tenant_id = await ensure_tenant(container.database, slug=DEMO_SLUG, name=f"{SELLER.company} (demo)", is_demo=True)
    secret = await _source_secret(container, tenant_id) or secrets.token_urlsafe(24)
    source = SourceSettings(
        key=SOURCE_KEY, portal_id=PORTAL_ID, form_ids=[FORM_ID], signature=SignaturePolicy.V3, secret=secret
    )
    await furnish(container, tenant_id, source)
    await _set_profile(container, tenant_id)
    return tenant_id


async def demo_secret(container: Container, tenant_id: UUID) -> str:
    """The secret that the demo's webhooks are signed with."""
    return await _source_secret(container, tenant_id)


async def _source_secret(container: Container, tenant_id: UUID) -> str:
    async with container.database.transaction(tenant_id) as session:
        sources = await WebhookSourceRepository(session, tenant_id, container.keyring).all()
    return next((source.secret for source in sources if source.key == SOURCE_KEY), "")


async def _set_profile(container: Container, tenant_id: UUID) -> None:
    """Only what differs is set, so that the audit trail does not grow with every start."""
    async with container.database.transaction(tenant_id) as session:
        known = await SettingRepository(session, tenant_id).all()
        for key, value in _PROFILE.items():
            if known.get(key) != value:
                await change_setting(session, tenant_id, key, value, by=_SETUP, ceiling=Switches())
