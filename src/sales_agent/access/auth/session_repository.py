"""Every query on the sessions of people."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import User, UserSession
from sales_agent.kit.ids import new_id

# When a session was last used is told to the minute: a write for every request would cost more than the request.
TOUCH_EVERY = dt.timedelta(minutes=1)

_IS_WORTH_NOTING = sa.or_(UserSession.last_seen_at.is_(None), UserSession.last_seen_at < sa.func.now() - TOUCH_EVERY)


class SessionRepository:
    """The sessions of one tenant's people."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, user_id: UUID, digest: str, lives: dt.timedelta) -> dt.datetime:
        """Store a session that lives this long by the database's clock; when it ends."""
        added = await self._session.execute(
            sa.insert(UserSession)
            .values(tenant_id=self._tenant_id, id=new_id(), user_id=user_id, digest=digest)
            .values(expires_at=sa.func.now() + lives, last_seen_at=sa.func.now())
            .returning(UserSession.expires_at)
        )
        return added.scalar_one()

    async def live(self, session_id: UUID) -> tuple[UserSession, User, bool] | None:
        """The session, its user, and whether its use should be noted; None where either is not let in any more."""
        found = await self._session.execute(
            sa.select(UserSession, User, _IS_WORTH_NOTING)
            .join(User, sa.and_(User.tenant_id == UserSession.tenant_id, User.id == UserSession.user_id))
            .where(UserSession.tenant_id == self._tenant_id, UserSession.id == session_id)
            .where(UserSession.revoked_at.is_(None), UserSession.expires_at > sa.func.now())
            .where(User.disabled_at.is_(None))
        )
        row = found.one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    async def touch(self, session_id: UUID) -> None:
        """Note that the session was used, unless another request has just done so."""
        await self._session.execute(
            sa.update(UserSession)
            .where(UserSession.tenant_id == self._tenant_id, UserSession.id == session_id, _IS_WORTH_NOTING)
            .values(last_seen_at=sa.func.now())
        )

    async def revoke(self, session_id: UUID) -> bool:
        """End the session; whether it was there."""
        revoked = await self._session.execute(
            sa.update(UserSession)
            .where(UserSession.tenant_id == self._tenant_id, UserSession.id == session_id)
            .where(UserSession.revoked_at.is_(None))
            .values(revoked_at=sa.func.now())
            .returning(UserSession.id)
        )
        return revoked.first() is not None

    async def revoke_all_of(self, user_id: UUID) -> int:
        """End every session of a user; how many there were."""
        revoked = await self._session.execute(
            sa.update(UserSession)
            .where(UserSession.tenant_id == self._tenant_id, UserSession.user_id == user_id)
            .where(UserSession.revoked_at.is_(None))
            .values(revoked_at=sa.func.now())
            .returning(UserSession.id)
        )
        return len(revoked.all())
