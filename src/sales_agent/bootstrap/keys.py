"""API keys from the command line: made, listed and revoked by whoever can reach the database with our settings."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.models import ApiKey
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.setup import tenant_of
from sales_agent.config import Settings
from sales_agent.kit.errors import NotFound
from sales_agent.ledger.audit.record import AuditEntry, record

# Who acted, as the audit trail names it: the shell knows no person.
COMMAND_LINE = "command_line"


class KeyUnknown(NotFound):
    """This tenant has no live key of this id: `sales-agent keys list` shows them."""


async def create_key(
    settings: Settings, *, slug: str, name: str, scopes: Collection[Scope], lives: dt.timedelta | None = None
) -> str:
    """A new key, which nobody can show again; without `lives` it lives until it is revoked. Raises TenantUnknown."""
    container = build_container(settings)
    try:
        tenant_id = await tenant_of(container.database, slug)
        expires_at = container.clock.now() + lives if lives is not None else None
        async with container.database.transaction(tenant_id) as session:
            key, plain = await create_api_key(
                session, tenant_id, name=name, scopes=scopes, created_by=COMMAND_LINE, expires_at=expires_at
            )
            facts: dict[str, object] = {"scopes": sorted(scopes)}
            await record(
                session,
                tenant_id,
                AuditEntry("api_key.created", actor=COMMAND_LINE, subject=("api_key", key.id), facts=facts),
            )
        return plain
    finally:
        await container.close()


async def list_keys(settings: Settings, *, slug: str) -> Sequence[ApiKey]:
    """The tenant's keys, newest first. Raises TenantUnknown."""
    container = build_container(settings)
    try:
        tenant_id = await tenant_of(container.database, slug)
        async with container.database.transaction(tenant_id) as session:
            return await ApiKeyRepository(session, tenant_id).all()
    finally:
        await container.close()


async def revoke_key(settings: Settings, *, slug: str, key_id: UUID) -> None:
    """Refuse a key from now on. Raises TenantUnknown, KeyUnknown."""
    container = build_container(settings)
    try:
        tenant_id = await tenant_of(container.database, slug)
        async with container.database.transaction(tenant_id) as session:
            if not await ApiKeyRepository(session, tenant_id).revoke(key_id):
                raise KeyUnknown
            entry = AuditEntry("api_key.revoked", actor=COMMAND_LINE, subject=("api_key", key_id))
            await record(session, tenant_id, entry)
    finally:
        await container.close()


def key_as_json(key: ApiKey) -> dict[str, object]:
    """What may be told of a key; times in ISO 8601."""
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "created_by": key.created_by,
        "created_at": key.created_at.isoformat(),
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
