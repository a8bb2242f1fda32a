"""What must be in the database before the first submission: a tenant, the source its webhooks name, its rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sales_agent.access.tenancy.directory_repository import Directory
from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.access.tenancy.repository import SlugTaken, TenantRepository, WebhookSourceRepository
from sales_agent.bootstrap.container import Container
from sales_agent.kit.crypto import SecretUnreadable
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotFound
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.seed import seed_rules

DEFAULT_SLUG = "default"


class TenantUnknown(NotFound):
    """There is no tenant of this slug: `sales-agent setup` makes `default`, `sales-agent demo` makes `demo`."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """A webhook source as it shall be."""

    key: str
    portal_id: int
    form_ids: Sequence[str]
    signature: SignaturePolicy
    secret: str

    def agrees_with(self, other: "SourceSettings") -> bool:
        """Whether both let the same in; forms have no order."""
        return replace(self, form_ids=sorted(self.form_ids)) == replace(other, form_ids=sorted(other.form_ids))


async def set_up(container: Container) -> UUID:
    """Make the first tenant, or bring it to what the settings say; its id. Doing it again changes nothing."""
    settings = container.settings
    tenant_id = await ensure_tenant(container.database, slug=DEFAULT_SLUG, name=settings.seller_company or "Default")
    source = SourceSettings(
        key=settings.webhook_source,
        portal_id=settings.hubspot_portal_id,
        form_ids=settings.hubspot_form_ids,
        signature=SignaturePolicy(settings.webhook_signature),
        secret=settings.hubspot_webhook_secret.get_secret_value(),
    )
    await furnish(container, tenant_id, source)
    return tenant_id


async def ensure_tenant(database: Database, *, slug: str, name: str, is_demo: bool = False) -> UUID:
    """The tenant of this slug, made if it is missing; two processes that make it at once get the same one."""
    known = await find_tenant(database, slug)
    if known is not None:
        return known
    tenant_id = new_id()
    try:
        async with database.transaction(tenant_id) as session:
            await TenantRepository(session, tenant_id).create(slug=slug, name=name, is_demo=is_demo)
            await record(session, tenant_id, AuditEntry("tenant.created", subject=("tenant", tenant_id)))
    except SlugTaken:
        return await tenant_of(database, slug)
    return tenant_id


async def furnish(container: Container, tenant_id: UUID, source: SourceSettings) -> None:
    """Give a tenant its webhook source, and the rules it lacks, in shadow."""
    async with container.database.transaction(tenant_id) as session:
        sources = WebhookSourceRepository(session, tenant_id, container.keyring)
        before = await _stored(sources, source.key)
        source_id = await sources.upsert(
            key=source.key,
            portal_id=source.portal_id,
            form_ids=source.form_ids,
            signature=source.signature,
            secret=source.secret,
        )
        if before is None or not before.agrees_with(source):
            facts = {"portal_id": source.portal_id, "signature": source.signature, "forms": len(source.form_ids)}
            entry = AuditEntry("webhook_source.changed", subject=("webhook_source", source_id), facts=facts)
            await record(session, tenant_id, entry)
        await seed_rules(session, tenant_id)


async def _stored(sources: WebhookSourceRepository, key: str) -> SourceSettings | None:
    """The source as it is, None where there is none, or none that the present keys can open."""
    try:
        found = next((one for one in await sources.all() if one.key == key), None)
    except SecretUnreadable:
        return None
    if found is None:
        return None
    return SourceSettings(found.key, found.portal_id, tuple(found.form_ids), found.signature, found.secret)


async def find_tenant(database: Database, slug: str) -> UUID | None:
    """The tenant of this slug, or None."""
    async with database.transaction() as session:
        return await Directory(session).tenant_by_slug(slug)


async def tenant_of(database: Database, slug: str) -> UUID:
    """The tenant of this slug. Raises TenantUnknown."""
    found = await find_tenant(database, slug)
    if found is None:
        raise TenantUnknown(f"asked for: {slug}")
    return found
