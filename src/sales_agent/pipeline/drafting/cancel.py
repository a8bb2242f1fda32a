"""Cancelling what waits to be sent: a stop takes every queued draft out of the line, and a resume puts none back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository


async def cancel_queued(session: AsyncSession, tenant_id: UUID, *, because: str, actor: str) -> int:
    """Cancel every draft of the tenant that is queued and that nobody is at, each on record; how many.

    Senders go through the same drafts: whoever waited for theirs would come last everywhere, and behind one that hangs
    never. Ask `are_queued` what is left.
    """
    queued = await DraftRepository(session, tenant_id).lock_free_in(DraftState.QUEUED)
    for draft_id in queued:
        await set_state(session, tenant_id, draft_id, DraftState.CANCELLED, reason=because, actor=actor)
    return len(queued)


async def are_queued(session: AsyncSession, tenant_id: UUID) -> bool:
    """Whether any draft of the tenant is queued."""
    return await DraftRepository(session, tenant_id).is_any_in(DraftState.QUEUED)
