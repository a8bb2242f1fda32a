"""The look-ups that come before a tenant is known: functions of the schema `directory`, which answer ids only."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

_WEBHOOK_SOURCE = sa.text("select tenant_id, source_id as id from directory.webhook_source(:key)")
_API_KEY = sa.text("select tenant_id, key_id as id from directory.api_key(:key)")
_SESSION = sa.text("select tenant_id, session_id as id from directory.session(:key)")
_USERS_BY_EMAIL = sa.text("select tenant_id, user_id as id from directory.users_by_email(:key)")
_USERS_BY_SUBJECT = sa.text("select tenant_id, user_id as id from directory.users_by_subject(:key)")
_TENANT_BY_SLUG = sa.text("select directory.tenant_by_slug(:slug)")

_TENANTS_AFTER = sa.text("select tenant_id from directory.tenants_after(:after, :batch)")


class Whereabouts(NamedTuple):
    """Where a row lies: its tenant, and its id there."""

    tenant_id: UUID
    id: UUID


class Directory:
    """Works in a transaction without a tenant. What it tells must still be read, as that tenant, to be believed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def webhook_source(self, key: str) -> Whereabouts | None:
        """The webhook source of this key."""
        return await self._find(_WEBHOOK_SOURCE, key)

    async def api_key(self, digest: str) -> Whereabouts | None:
        """The API key with this digest."""
        return await self._find(_API_KEY, digest)

    async def session(self, digest: str) -> Whereabouts | None:
        """The session of a person with this digest."""
        return await self._find(_SESSION, digest)

    async def users_by_email(self, email_canonical: str) -> Sequence[Whereabouts]:
        """Everybody with this address, at most one in each tenant."""
        return await self._find_all(_USERS_BY_EMAIL, email_canonical)

    async def users_by_subject(self, oidc_subject: str) -> Sequence[Whereabouts]:
        """Everybody the identity provider knows by this id, at most one in each tenant."""
        return await self._find_all(_USERS_BY_SUBJECT, oidc_subject)

    async def tenant_by_slug(self, slug: str) -> UUID | None:
        """The tenant of this slug."""
        return (await self._session.execute(_TENANT_BY_SLUG, {"slug": slug})).scalar_one_or_none()

    async def tenants_after(self, after: UUID, batch: int) -> Sequence[UUID]:
        """Tenants in the order of their ids, from the one after `after` on."""
        return (await self._session.execute(_TENANTS_AFTER, {"after": after, "batch": batch})).scalars().all()

    async def _find(self, look_up: sa.TextClause, key: str) -> Whereabouts | None:
        row = (await self._session.execute(look_up, {"key": key})).one_or_none()
        return None if row is None else Whereabouts(row.tenant_id, row.id)

    async def _find_all(self, look_up: sa.TextClause, key: str) -> Sequence[Whereabouts]:
        rows = await self._session.execute(look_up, {"key": key})
        return [Whereabouts(row.tenant_id, row.id) for row in rows]
