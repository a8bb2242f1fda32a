"""Every query on anchors: which ends of the chain were exported."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.models import AuditAnchor
from sales_agent.ledger.audit.walk import Anchor


class AnchorRepository:
    """The anchors of one tenant, as this database remembers them. The proof is the file, which it cannot change."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, anchor: Anchor) -> None:
        """Remember that this end was exported; once, however often it was."""
        await self._session.execute(
            insert(AuditAnchor)
            .values(tenant_id=self._tenant_id, id=new_id(), sequence=anchor.sequence, hash=anchor.hash)
            .values(exported_at=anchor.at)
            .on_conflict_do_nothing(index_elements=["tenant_id", "sequence"])
        )

    async def last_sequence(self) -> int:
        """How long the chain was when its end was last exported; 0 before the first time."""
        last = await self._session.scalar(
            sa.select(sa.func.max(AuditAnchor.sequence)).where(AuditAnchor.tenant_id == self._tenant_id)
        )
        return last or 0

    async def all(self) -> Sequence[Anchor]:
        """Every anchor, in order."""
        rows = await self._session.scalars(
            sa.select(AuditAnchor).where(AuditAnchor.tenant_id == self._tenant_id).order_by(AuditAnchor.sequence)
        )
        return [Anchor(row.sequence, row.hash, row.exported_at) for row in rows]
