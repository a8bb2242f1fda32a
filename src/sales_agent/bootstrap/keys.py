"""API keys from the command line: made, listed and revoked by whoever can reach the database with our settings."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sales_agent.access.auth.models import ApiKey
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.bootstrap.command_line import COMMAND_LINE, tenant_transaction
from sales_agent.config import Settings
from sales_agent.console.team import keys

ListedKey = tuple[ApiKey, keys.KeyState]


async def create_key(
    settings: Settings, *, slug: str, name: str, scopes: Collection[Scope], lives: dt.timedelta | None = None
) -> str:
    """A new key, which nobody can show again; without `lives` it lives until it is revoked. Raises TenantUnknown."""
    async with tenant_transaction(settings, slug) as (session, tenant_id, clock):
        now = clock.now()
        expires_at = now + lives if lives is not None else None
        _, plain = await keys.make_key(
            session, tenant_id, name=name, scopes=scopes, expires_at=expires_at, now=now, by=COMMAND_LINE
        )
    return plain


async def list_keys(settings: Settings, *, slug: str) -> Sequence[ListedKey]:
    """The tenant's keys, newest first, each with how it stands. Raises TenantUnknown."""
    async with tenant_transaction(settings, slug) as (session, tenant_id, clock):
        now = clock.now()
        return [(key, keys.state_of(key, now)) for key in await ApiKeyRepository(session, tenant_id).all()]


async def revoke_key(settings: Settings, *, slug: str, key_id: UUID) -> None:
    """Refuse a key from now on. Raises TenantUnknown, KeyUnknown."""
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        await keys.revoke_key(session, tenant_id, key_id, COMMAND_LINE)


def key_as_json(listed: ListedKey) -> dict[str, object]:
    """What may be told of a key; times in ISO 8601."""
    key, state = listed
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
        "state": state,
    }
