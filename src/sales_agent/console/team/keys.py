"""API keys made and revoked, each an audit event."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.models import ApiKey
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.console.team.authority import Authority
from sales_agent.kit.errors import InvalidInput, NotAllowed, NotFound
from sales_agent.ledger.audit.record import AuditEntry, record


class KeyUnknown(NotFound):
    """This tenant has no live key of this id; `keys list` shows those it has."""


class OwnersKey(NotAllowed):
    """Only an owner revokes a key that can do what owners can."""


class ExpiryPast(InvalidInput):
    """A key made to end in the past would never open anything; name a moment to come, or none."""


class KeyState(StrEnum):
    """How a key stands at a moment."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_of(key: ApiKey, now: dt.datetime) -> KeyState:
    """How it stands now."""
    if key.revoked_at is not None:
        return KeyState.REVOKED
    return KeyState.EXPIRED if key.expires_at is not None and key.expires_at <= now else KeyState.LIVE


async def make_key(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    name: str,
    scopes: Collection[Scope],
    expires_at: dt.datetime | None,
    now: dt.datetime,
    by: Authority,
) -> tuple[ApiKey, str]:
    """A new key, and the key itself, which nobody can show again. Raises ScopeNotHeld, ExpiryPast."""
    by.require_all(scopes)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPast(expires_at=expires_at.isoformat())
    key, plain = await create_api_key(
        session, tenant_id, name=name, scopes=scopes, created_by=by.actor, expires_at=expires_at
    )
    facts: dict[str, object] = {"scopes": sorted(scopes)}
    entry = AuditEntry("api_key.created", actor=by.actor, subject=("api_key", key.id), facts=facts)
    await record(session, tenant_id, entry)
    return key, plain


async def revoke_key(session: AsyncSession, tenant_id: UUID, key_id: UUID, by: Authority) -> None:
    """Refuse a key from now on, whoever made it. Raises KeyUnknown, OwnersKey."""
    keys = ApiKeyRepository(session, tenant_id)
    key = await keys.get(key_id)
    if key is not None and Scope.OWNER in key.scopes and Scope.OWNER not in by.scopes:
        raise OwnersKey
    if not await keys.revoke(key_id):
        raise KeyUnknown
    await record(session, tenant_id, AuditEntry("api_key.revoked", actor=by.actor, subject=("api_key", key_id)))
