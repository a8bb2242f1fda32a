"""Every query on the flags a tenant has turned."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.models import FeatureFlag
from sales_agent.kit.ids import new_id


class FeatureFlagRepository:
    """The flags of one tenant that differ, or differed, from their defaults."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def all(self) -> Mapping[str, bool]:
        """Whether each flag is on, by name."""
        rows = await self._session.execute(
            sa.select(FeatureFlag.name, FeatureFlag.enabled).where(FeatureFlag.tenant_id == self._tenant_id)
        )
        return {row.name: row.enabled for row in rows}

    async def put(self, name: str, *, enabled: bool, by: str) -> None:
        """Turn a flag."""
        changed = {"enabled": enabled, "changed_by": by}
        row = insert(FeatureFlag).values(tenant_id=self._tenant_id, id=new_id(), name=name, **changed)
        await self._session.execute(row.on_conflict_do_update(index_elements=["tenant_id", "name"], set_=changed))
