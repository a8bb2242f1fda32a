"""Every query on counted attempts."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import Attempt

# Far longer than any window; a row this old says nothing any more.
_KEPT = dt.timedelta(hours=1)

# More than one for each row that may be added, so that the table stays small by itself.
_REMOVED_AT_ONCE = 5


class AttemptRepository:
    """Counts by key, over all processes that share the database; works in a transaction without a tenant."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self, key: str, window: dt.timedelta) -> int:
        """Count one more; how many there are in the key's present window, which begins with its first attempt."""
        is_over = Attempt.window_started_at <= sa.func.now() - window
        first = insert(Attempt).values(key=key, window_started_at=sa.func.now(), count=1)
        counted = await self._session.execute(
            first.on_conflict_do_update(
                index_elements=[Attempt.key],
                set_={
                    "count": sa.case((is_over, 1), else_=Attempt.count + 1),
                    "window_started_at": sa.case((is_over, sa.func.now()), else_=Attempt.window_started_at),
                },
            ).returning(Attempt.count)
        )
        return counted.scalar_one()

    async def take_back(self, key: str) -> None:
        """Uncount one."""
        await self._session.execute(
            sa.update(Attempt).where(Attempt.key == key, Attempt.count > 0).values(count=Attempt.count - 1)
        )

    async def remove_old(self) -> None:
        """Remove a few rows that no window reaches back to; those another process removes just now are left to it."""
        old = (
            sa.select(Attempt.key)
            .where(Attempt.window_started_at < sa.func.now() - _KEPT)
            .order_by(Attempt.window_started_at)
            .limit(_REMOVED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        await self._session.execute(sa.delete(Attempt).where(Attempt.key.in_(old)))
