"""API keys: 256 random bits shown once, kept as a digest, proved again at every request."""

import datetime as dt
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import ApiKey
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.access.auth.tokens import TokenKind, is_token, new_token
from sales_agent.access.tenancy.directory_repository import Directory
from sales_agent.kit.crypto import digest
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotAuthenticated
from sales_agent.kit.ids import new_id

# Enough to tell one's keys apart in a list, and 36 of 256 bits.
_PREFIX_LENGTH = 9


class ApiKeyInvalid(NotAuthenticated):
    """The API key is unknown, revoked or expired."""


async def create_api_key(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    name: str,
    scopes: Collection[Scope],
    created_by: str = "",
    expires_at: dt.datetime | None = None,
) -> tuple[ApiKey, str]:
    """Store a new key; the row, and the key itself, which nobody can show again."""
    plain = new_token(TokenKind.API_KEY)
    key = ApiKey(
        tenant_id=tenant_id,
        id=new_id(),
        name=name,
        digest=digest(plain),
        prefix=plain[:_PREFIX_LENGTH],
        scopes=sorted(scopes),
        created_by=created_by,
        expires_at=expires_at,
    )
    await ApiKeyRepository(session, tenant_id).add(key)
    return key, plain


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """Tells who is behind a key."""

    database: Database

    async def authenticate(self, plain: str) -> Principal:
        """Who this key belongs to. Raises ApiKeyInvalid, whatever is wrong with it, and DatabaseUnavailable.

        The look-up compares digests, so its time tells nothing about the key.
        """
        if not is_token(TokenKind.API_KEY, plain):
            raise ApiKeyInvalid
        wanted = digest(plain)
        async with self.database.transaction() as session:
            found = await Directory(session).api_key(wanted)
        if found is None:
            raise ApiKeyInvalid
        async with self.database.transaction(found.tenant_id) as session:
            keys = ApiKeyRepository(session, found.tenant_id)
            live = await keys.live(found.id)
            if live is None:
                raise ApiKeyInvalid().of(found.tenant_id, f"api_key:{found.id}")
            key, is_worth_noting = live
            if not hmac.compare_digest(key.digest, wanted):
                raise ApiKeyInvalid
            if is_worth_noting:
                await keys.touch(key.id)
        return Principal(found.tenant_id, key.id, key.name, frozenset(Scope(scope) for scope in key.scopes))
