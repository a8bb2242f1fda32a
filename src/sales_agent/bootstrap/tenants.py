"""What belongs to one tenant: its accounts at the providers, its seller, and the ceiling of its switches."""

import time
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from sales_agent.access.tenancy.repository import TenantRepository
from sales_agent.config import Settings
from sales_agent.connectors.oauth import StaticToken
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.registry import ProviderSettings, build_readers, build_writers, provider_settings_from
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.writers import Writers
from sales_agent.controls.settings import SellerProfile, Switches, read_profile
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotFound

# A changed profile counts for runs that begin after this long.
PROFILE_SECONDS = 10.0
SANDBOX_TOKEN = "sandbox-demo"  # noqa: S105 - the sandbox takes any token that begins so


class Common(Protocol):
    """What is read of the container."""

    @property
    def settings(self) -> Settings: ...

    @property
    def database(self) -> Database: ...


class TenantNotFound(NotFound):
    """There is no tenant under this id."""


@dataclass(frozen=True, slots=True)
class TenantParts:
    """One tenant's eyes and hands, its seller, and how far its switches may go."""

    readers: Readers
    writers: Writers
    seller: SellerProfile
    ceiling: Switches
    is_demo: bool


class Tenants:
    """Makes the parts of a tenant once and keeps them; the seller's profile is read again every few seconds."""

    def __init__(self, container: Common, transport: Transport) -> None:
        self._container = container
        self._transport = transport
        self._parts: dict[UUID, tuple[float, TenantParts]] = {}

    async def parts(self, tenant_id: UUID) -> TenantParts:
        """Raises TenantNotFound, DatabaseUnavailable."""
        known = self._parts.get(tenant_id)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        settings = self._container.settings
        async with self._container.database.transaction(tenant_id) as session:
            tenant = await TenantRepository(session, tenant_id).get()
            if tenant is None:
                raise TenantNotFound
            seller = await read_profile(session, tenant_id, SellerProfile.default(settings))
        if known is not None:
            parts = replace(known[1], seller=seller)
        else:
            providers = sandbox_providers(settings) if tenant.is_demo else provider_settings_from(settings)
            parts = TenantParts(
                readers=build_readers(providers, self._transport),
                writers=build_writers(providers, self._transport),
                seller=seller,
                ceiling=ceiling_of(settings, is_demo=tenant.is_demo),
                is_demo=tenant.is_demo,
            )
        self._parts[tenant_id] = (time.monotonic() + PROFILE_SECONDS, parts)
        return parts


def sandbox_providers(settings: Settings) -> ProviderSettings:
    """The accounts of a demo tenant: every provider is the sandbox, and the writer is the template one."""
    url = f"http://127.0.0.1:{settings.sandbox_port}"
    token = StaticToken(SANDBOX_TOKEN)
    return ProviderSettings(hubspot_url=url, gmail_url=url, google_url=url, hubspot_token=token, google_token=token)


async def tenant_ceiling(container: Common, tenant_id: UUID | None) -> Switches:
    """How far the switches of a tenant may go, or with None what the environment says. Raises TenantNotFound."""
    if tenant_id is None:
        return Switches.ceiling(container.settings)
    async with container.database.transaction(tenant_id) as session:
        tenant = await TenantRepository(session, tenant_id).get()
    if tenant is None:
        raise TenantNotFound
    return ceiling_of(container.settings, is_demo=tenant.is_demo)


def ceiling_of(settings: Settings, *, is_demo: bool) -> Switches:
    """How far the switches of a tenant may go."""
    return demo_ceiling(settings) if is_demo else Switches.ceiling(settings)


def demo_ceiling(settings: Settings) -> Switches:
    """A demo tenant writes to the sandbox whatever the switch says about the real HubSpot; it never really sends."""
    return replace(Switches.ceiling(settings), allow_crm_writes=True, draft_only=True, allow_real_sends=False)
