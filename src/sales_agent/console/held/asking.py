"""Asking for held writes, from a door of the API or from the command line: marked, and a job that makes them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.console.held.forbidding import require_allowed
from sales_agent.controls.settings import Switches
from sales_agent.effects.held import ask_for_release
from sales_agent.effects.kinds import EffectKinds
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.outbox import enqueue, new_job


async def release_by_job(
    session: AsyncSession,
    tenant_id: UUID,
    kinds: EffectKinds,
    effect_ids: Sequence[UUID],
    *,
    ceiling: Switches,
    by: str,
    reviewed: str | None = None,
) -> UUID:
    """Mark the writes and put the job in the outbox; its id. Raises as `ask_for_release` does, ReleaseForbidden.

    Every wish has a job of its own: one that is open already may have read its list before this one was added.
    """
    effects = await ask_for_release(session, tenant_id, kinds, effect_ids, by=by, reviewed=reviewed)
    await require_allowed(session, tenant_id, kinds, ceiling, effects)
    job = new_job(JobKind.RELEASE_EFFECTS)
    await enqueue(session, tenant_id, job)
    return job.id
