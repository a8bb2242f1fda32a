"""The two tenants of an installation under test: one configured by settings, as a customer's is, and the demo's."""

from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import Scope
from sales_agent.bootstrap.container import Container, build_container
from sales_agent.bootstrap.demo.tenant import demo_secret, set_up_demo
from sales_agent.bootstrap.setup import set_up
from sales_agent.config import Settings
from sales_agent.console.demo.people import FORM_ID, SOURCE_KEY
from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.hubspot.owners import PORTAL_ID
from sales_agent.sandbox.seller import SELLER
from tests.acceptance.forms import Source

_TOKEN = SecretStr("sandbox-own")


def make_settings(folder: Path, sandbox: SandboxClient, **changes: object) -> Settings:
    """Short waits everywhere. The first tenant's providers are the sandbox, and it writes with the sandbox's model."""
    values: dict[str, object] = {
        "data_dir": folder,
        "database_pool_size": 10,
        "lease_seconds": 2.0,
        "retry_delays_seconds": (0.3, 0.6, 1.2),
        "handover_timeout_seconds": 2.0,
        "relay_poll_seconds": 0.2,
        "evidence_lag_seconds": 0.5,
        "provider_timeout_seconds": 2.0,
        "provider_retry_seconds": (0.05, 0.1),
        "worker_concurrency": 30,
        "accept_reserved_domains": True,
        "sandbox_port": int(sandbox.url.rpartition(":")[2]),
        "hubspot_base_url": sandbox.url,
        "hubspot_access_token": _TOKEN,
        "hubspot_webhook_secret": SecretStr("of-the-own-source"),
        "hubspot_portal_id": PORTAL_ID,
        "hubspot_form_ids": (FORM_ID,),
        "webhook_source": "own",
        "gmail_base_url": sandbox.url,
        "google_base_url": sandbox.url,
        "google_access_token": _TOKEN,
        "drive_folder_ids": ("1fldCaseStudies", "1fldDatasheets"),
        "drive_excluded_folder_ids": ("1fldCaseStudiesInternal",),
        "calendar_ids": ("primary", "sales-team@brightpath.example"),
        "openai_base_url": f"{sandbox.url}/v1",
        "openai_api_key": _TOKEN,
        "seller_name": SELLER.name,
        "seller_email": SELLER.address,
        "seller_company": SELLER.company,
        "seller_time_zone": SELLER.time_zone,
        "seller_country": "DE",
    }
    return Settings(_env_file=None).model_copy(update={**values, **changes})


async def furnish(settings: Settings) -> tuple[Source, Source]:
    """Make the demo's tenant and the first one; how each is reached."""
    container = build_container(settings)
    try:
        demo, own = await set_up_demo(container), await set_up(container)
        secrets = {demo: await demo_secret(container, demo), own: settings.hubspot_webhook_secret.get_secret_value()}
        keys = {demo: SOURCE_KEY, own: settings.webhook_source}

        async def source(tenant_id: UUID) -> Source:
            api_key = await _api_key(container, tenant_id)
            return Source(tenant_id, keys[tenant_id], secrets[tenant_id], PORTAL_ID, FORM_ID, api_key)

        return await source(demo), await source(own)
    finally:
        await container.close()


async def _api_key(container: Container, tenant_id: UUID) -> str:
    async with container.database.transaction(tenant_id) as session:
        _, plain = await create_api_key(session, tenant_id, name="acceptance", scopes={Scope.OPERATE})
    return plain
