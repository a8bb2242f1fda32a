"""Every query on what settings and flags were before: added to, read, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.models import SettingChange
from sales_agent.kit.ids import new_id
from sales_agent.kit.pagination import Cursor, Page
from sales_agent.kit.storable import storable_text


@dataclass(frozen=True, slots=True)
class NewChange:
    """One change: `before` and `after` as `{"value": ...}`, None for the default."""

    key: str
    before: dict[str, object] | None
    after: dict[str, object] | None
    by: str
    reason: str = ""


class SettingHistoryRepository:
    """The changes of one tenant's settings and flags."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, change: NewChange) -> None:
        """Write a change down."""
        await self._session.execute(
            sa.insert(SettingChange).values(
                tenant_id=self._tenant_id,
                id=new_id(),
                key=change.key,
                before=change.before,
                after=change.after,
                changed_by=change.by,
                reason=storable_text(change.reason),
            )
        )

    async def page(self, key: str | None, *, after: Cursor | None, limit: int) -> Page[SettingChange]:
        """Changes, newest first; of one key where it is named."""
        matching = sa.select(SettingChange).where(SettingChange.tenant_id == self._tenant_id)
        if key is not None:
            matching = matching.where(SettingChange.key == key)
        if after is not None:
            matching = matching.where(sa.tuple_(SettingChange.at, SettingChange.id) < (after.at, after.id))
        rows = await self._session.scalars(
            matching.order_by(SettingChange.at.desc(), SettingChange.id.desc()).limit(limit + 1)
        )
        found = rows.all()
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], Cursor(last.at, last.id).encode() if last is not None else None)

    async def last_changes(self) -> Mapping[str, SettingChange]:
        """The newest change of every key that was ever changed."""
        rows = await self._session.scalars(
            sa.select(SettingChange)
            .where(SettingChange.tenant_id == self._tenant_id)
            .ext(distinct_on(SettingChange.key))
            .order_by(SettingChange.key, SettingChange.at.desc(), SettingChange.id.desc())
        )
        return {change.key: change for change in rows}
