"""Every query on what is remembered of past leads: structured facts only ever come out."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.long_memory import PastCase
from sales_agent.kit.ids import new_id
from sales_agent.records.memory.models import LeadMemory

# The index is searched over all tenants' rows and filtered afterwards: without this a small tenant among large ones
# would find too little. Strict order, because the nearest are wanted first.
_SEARCH_ON = sa.text("select set_config('hnsw.iterative_scan', 'strict_order', true)")


class LeadMemoryRepository:
    """The memory of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def remember(
        self,
        run_id: UUID,
        *,
        contact_id: UUID,
        model: str,
        embedding: Sequence[float],
        call_to_action: str,
        asset_id: str | None,
        outcome: str,
    ) -> None:
        """Keep what a run did; the same run again replaces it, except for an outcome that came in meanwhile."""
        values = {
            "contact_id": contact_id,
            "model": model,
            "embedding": list(embedding),
            "call_to_action": call_to_action,
            "asset_id": asset_id,
        }
        await self._session.execute(
            insert(LeadMemory)
            .values(tenant_id=self._tenant_id, id=new_id(), run_id=run_id, outcome=outcome, **values)
            .on_conflict_do_update(index_elements=["tenant_id", "run_id"], set_=values)
        )

    async def set_outcome(self, run_id: UUID, outcome: str) -> None:
        """Record what came of a run; a run that left no memory is left without."""
        await self._session.execute(
            sa.update(LeadMemory)
            .where(LeadMemory.tenant_id == self._tenant_id, LeadMemory.run_id == run_id)
            .values(outcome=outcome)
        )

    async def nearest(
        self, embedding: Sequence[float], *, model: str, limit: int, except_run: UUID | None = None
    ) -> tuple[PastCase, ...]:
        """The most similar past leads of this tenant, nearest first; only vectors of the same model can be compared."""
        await self._session.execute(_SEARCH_ON)
        distance = LeadMemory.embedding.cosine_distance(list(embedding))
        nearest = (
            sa.select(LeadMemory.call_to_action, LeadMemory.outcome, LeadMemory.asset_id, distance.label("distance"))
            .where(LeadMemory.tenant_id == self._tenant_id, LeadMemory.model == model)
            .order_by(distance)
            .limit(limit)
        )
        if except_run is not None:
            nearest = nearest.where(LeadMemory.run_id != except_run)
        found = await self._session.execute(nearest)
        return tuple(
            PastCase(call_to_action, outcome, 1.0 - away, asset_id or "")
            for call_to_action, outcome, asset_id, away in found
        )
