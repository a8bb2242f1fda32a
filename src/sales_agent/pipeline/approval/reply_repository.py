"""Queries on which replies were counted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import CountedReply


class CountedReplyRepository:
    """The counted replies to one tenant: added, never changed, whatever becomes of the message in the mailbox."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, contact_id: UUID, provider_ids: Sequence[str]) -> int:
        """Mark messages as counted; how many were not before."""
        if not provider_ids:
            return 0
        rows = [
            {"tenant_id": self._tenant_id, "id": new_id(), "contact_id": contact_id, "provider_id": provider_id}
            for provider_id in sorted(set(provider_ids))
        ]
        added = await self._session.scalars(
            insert(CountedReply)
            .values(rows)
            .on_conflict_do_nothing(index_elements=["tenant_id", "provider_id"])
            .returning(CountedReply.id)
        )
        return len(added.all())
