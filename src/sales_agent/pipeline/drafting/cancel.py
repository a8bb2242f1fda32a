"""Cancelling what waits to be sent: a stop takes every queued draft out of the line, and a resume puts none back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository


async def cancel_queued(session: AsyncSession, tenant_id: UUID, *, because: str, actor: str) -> int:
    """Cancel every draft of the tenant that is queued, each on record; how many.

    One that a sender is claiming at this moment is waited for, and stays with it where it was claimed.
    """
    queued = await DraftRepository(session, tenant_id).lock_all_in(DraftState.QUEUED)
    for draft_id in queued:
        await set_state(session, tenant_id, draft_id, DraftState.CANCELLED, reason=because, actor=actor)
    return len(queued)
