"""Queue door of approving: a round over the drafts that nobody touches."""

from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.tidy import tidy_drafts
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.job import JobHandler
from sales_agent.pipeline.queue.lease import ClaimedJob


def tidy_handler(database: Database, clock: Clock, policy: SendingPolicy) -> JobHandler:
    """Expires what nobody decided, and wakes what has slept long enough."""

    async def tidy(job: ClaimedJob) -> None:
        await tidy_drafts(database.tenant(job.tenant_id), clock, policy)

    return JobHandler(JobKind.TIDY_DRAFTS, tidy)
