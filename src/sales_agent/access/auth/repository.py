"""Every query on API keys."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import ApiKey

# When a key was last used is told to the minute: a write for every request would cost more than the request.
TOUCH_EVERY = dt.timedelta(minutes=1)

_IS_LIVE = sa.and_(ApiKey.revoked_at.is_(None), sa.or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > sa.func.now()))
_IS_WORTH_NOTING = sa.or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < sa.func.now() - TOUCH_EVERY)


class ApiKeyRepository:
    """The API keys of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, key: ApiKey) -> None:
        """Store a new key."""
        self._session.add(key)
        await self._session.flush()

    async def live(self, key_id: UUID) -> tuple[ApiKey, bool] | None:
        """The key and whether its use should be noted, unless it is revoked or expired by the database's clock."""
        found = await self._session.execute(
            sa.select(ApiKey, _IS_WORTH_NOTING).where(
                ApiKey.tenant_id == self._tenant_id, ApiKey.id == key_id, _IS_LIVE
            )
        )
        row = found.one_or_none()
        return None if row is None else (row[0], row[1])

    async def get(self, key_id: UUID) -> ApiKey | None:
        """The key, live or not, or None."""
        return await self._session.get(ApiKey, (self._tenant_id, key_id))

    async def live_of(self, created_by: str) -> Sequence[ApiKey]:
        """The live keys that somebody made, as the audit trail names them, newest first."""
        rows = await self._session.scalars(
            sa.select(ApiKey)
            .where(ApiKey.tenant_id == self._tenant_id, ApiKey.created_by == created_by, _IS_LIVE)
            .order_by(ApiKey.id.desc())
        )
        return rows.all()

    async def all(self) -> Sequence[ApiKey]:
        """Every key, newest first."""
        rows = await self._session.scalars(
            sa.select(ApiKey).where(ApiKey.tenant_id == self._tenant_id).order_by(ApiKey.id.desc())
        )
        return rows.all()

    async def touch(self, key_id: UUID) -> None:
        """Note that the key was used, unless another request has just done so."""
        await self._session.execute(
            sa.update(ApiKey)
            .where(ApiKey.tenant_id == self._tenant_id, ApiKey.id == key_id)
            .where(_IS_WORTH_NOTING)
            .values(last_used_at=sa.func.now())
        )

    async def revoke(self, key_id: UUID) -> bool:
        """Refuse the key from now on; whether there was a live one."""
        revoked = await self._session.execute(
            sa.update(ApiKey)
            .where(ApiKey.tenant_id == self._tenant_id, ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
            .values(revoked_at=sa.func.now())
            .returning(ApiKey.id)
        )
        return revoked.first() is not None
