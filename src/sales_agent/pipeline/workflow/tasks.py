"""Queue doors of the workflow."""

from collections.abc import Awaitable, Callable

from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.job import JobHandler
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.workflow.engine import Engine, mark_failed
from sales_agent.pipeline.workflow.rewrite import Rewriter, keep_old_words


def form_lead_handler(engine: Engine) -> JobHandler:
    """Carries the run of a form lead; when the job gives up, its run is failed with it."""

    async def process_form_lead(job: ClaimedJob) -> None:
        await engine.run(job)

    return JobHandler(JobKind.PROCESS_FORM_LEAD, process_form_lead, on_give_up=mark_failed)


def rewrite_handler(rewriter: Rewriter) -> JobHandler:
    """Writes a draft anew at a person's wish; when the job gives up, the draft waits with the words it had."""
    return JobHandler(JobKind.REWRITE_DRAFT, rewriter.rewrite, on_give_up=keep_old_words)


def tenant_handler(kind: JobKind, work: Callable[[ClaimedJob], Awaitable[object]]) -> JobHandler:
    """A job that does one thing for a whole tenant."""

    async def carry(job: ClaimedJob) -> None:
        await work(job)

    return JobHandler(kind, carry)
