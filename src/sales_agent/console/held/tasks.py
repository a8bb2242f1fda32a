"""Queue door of held writes."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.effects.release import end_release
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.job import JobHandler
from sales_agent.pipeline.queue.lease import ClaimedJob


def release_effects_handler(release: Callable[[ClaimedJob], Awaitable[object]]) -> JobHandler:
    """Makes what a person asked for; when the job gives up, what is left is held again."""

    async def carry(job: ClaimedJob) -> None:
        await release(job)

    async def give_up(session: AsyncSession, job: ClaimedJob, code: str, _: str) -> None:
        await end_release(session, job.tenant_id, code=code)

    return JobHandler(JobKind.RELEASE_EFFECTS, carry, on_give_up=give_up)
