"""The one wrapper around every job: claim, lease, trace, limit, then done, later, or the dead-letter queue."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.db import Database
from sales_agent.kit.errors import text_of, traceback_of
from sales_agent.kit.group_commit import GroupCommit
from sales_agent.kit.ids import new_id
from sales_agent.observability import metrics
from sales_agent.observability.logging import bind
from sales_agent.observability.tracing import continued, use_trace
from sales_agent.pipeline.queue.catalog import SPECS, JobKind
from sales_agent.pipeline.queue.failed_jobs import bury
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.models import JobState
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.queue.retry import GiveUp, Park, RetryLater, code_of, decide, error_class, root_cause

log = structlog.get_logger()

# A job that took this many workers down with it is not handed to another one.
MAX_CLAIMS = 12

Handler = Callable[[ClaimedJob], Awaitable[None]]
OnGiveUp = Callable[[AsyncSession, ClaimedJob, str, str], Awaitable[None]]


class JobKeepsDying(Exception):
    """Every worker that took this job up died or lost it."""


@dataclass(frozen=True, slots=True)
class JobHandler:
    """What a kind of job does, and what is to be written in the transaction in which it gives up."""

    kind: JobKind
    work: Handler
    on_give_up: OnGiveUp | None = None


class JobRunner:
    """Runs claimed jobs of this process on one event loop and keeps their leases alive."""

    def __init__(
        self,
        database: Database,
        handlers: Sequence[JobHandler],
        *,
        retry_delays_seconds: Sequence[float],
        lease_seconds: float,
    ) -> None:
        self.worker_id = new_id()
        self._database = database
        self._handlers: Mapping[JobKind, JobHandler] = {handler.kind: handler for handler in handlers}
        self._delays = tuple(retry_delays_seconds)
        self._lease_seconds = lease_seconds
        self._held: dict[UUID, tuple[ClaimedJob, asyncio.Task[None]]] = {}
        self._claims: GroupCommit[UUID, UUID, ClaimedJob | None] = GroupCommit(self._claim_batch)
        self._finishes: GroupCommit[UUID, ClaimedJob, bool] = GroupCommit(self._finish_batch)

    async def run(self, tenant_id: UUID, job_id: UUID) -> None:
        """Carry one job out, if it may be claimed. Never raises for the job's own failure: that is written down."""
        job = await self._claims.submit(tenant_id, job_id)
        if job is None:
            return
        with use_trace(continued(job.trace_id)), bind(tenant_id=str(tenant_id), job_id=str(job_id)):
            metrics.JOBS_CLAIMED.labels(kind=job.kind.value).inc()
            metrics.JOB_WAIT_SECONDS.labels(kind=job.kind.value).observe(job.waited_seconds)
            begun = time.perf_counter()
            try:
                await self._work(job)
            except Exception as error:  # noqa: BLE001 - every failure of a job ends in its row
                await self._fail(job, error)
            else:
                await self._finishes.submit(tenant_id, job)
                metrics.JOBS_FINISHED.labels(kind=job.kind.value).inc()
            finally:
                metrics.JOB_SECONDS.labels(kind=job.kind.value).observe(time.perf_counter() - begun)

    async def keep_leases(self) -> None:
        """Renew every lease of this process until cancelled; work whose lease is lost is stopped."""
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            tenants = {job.tenant_id for job, _ in self._held.values()}
            for tenant_id in tenants:
                # A missed renewal costs nothing while the lease lasts; the next one tries again.
                with suppress(Exception):
                    await self._renew(tenant_id)

    @property
    def in_flight(self) -> int:
        """How many jobs this process holds."""
        return len(self._held)

    async def _work(self, job: ClaimedJob) -> None:
        if job.claims > MAX_CLAIMS:
            raise JobKeepsDying
        task = asyncio.ensure_future(self._handlers[job.kind].work(job))
        self._hold(job, task)
        try:
            async with asyncio.timeout(SPECS[job.kind].timeout_seconds):
                await task
        except asyncio.CancelledError:
            if task.cancelled() and not _is_cancelling():
                raise LeaseLost from None
            raise
        finally:
            holder = self._held.get(job.job_id)
            if holder is not None and holder[0] is job:
                del self._held[job.job_id]

    def _hold(self, job: ClaimedJob, task: asyncio.Task[None]) -> None:
        before = self._held.get(job.job_id)
        if before is not None:  # this process slept through its lease, and was handed its own job again
            before[1].cancel()
        self._held[job.job_id] = (job, task)

    async def _fail(self, job: ClaimedJob, error: Exception) -> None:
        cause = root_cause(error)
        if isinstance(cause, LeaseLost):
            log.warning("job.lease_lost")
            return
        code, message = code_of(cause), text_of(cause)
        decision = decide(error, attempts=job.attempts, delays=self._delays)
        log.warning("job.failed", code=code, decision=type(decision).__name__, attempt=job.attempts + 1)
        counter = metrics.JOBS_FAILED if isinstance(decision, GiveUp) else metrics.JOBS_RETRIED
        counter.labels(kind=job.kind.value, error=error_class(cause)).inc()
        async with self._database.transaction(job.tenant_id) as session:
            jobs = JobRepository(session, job.tenant_id)
            match decision:
                case RetryLater(seconds, spends):
                    await jobs.put_back(
                        job, JobState.DUE, delay_seconds=seconds, spend=spends, code=code, message=message
                    )
                case Park(seconds):
                    await jobs.put_back(
                        job, JobState.PARKED, delay_seconds=seconds, spend=False, code=code, message=message
                    )
                case GiveUp():
                    await self._give_up(session, job, code=code, message=message, error=error)

    async def _give_up(
        self, session: AsyncSession, job: ClaimedJob, *, code: str, message: str, error: Exception
    ) -> None:
        context: dict[str, object] = {
            "traceback": traceback_of(error)[-8000:],
            "attempts": job.attempts + 1,
            "claims": job.claims,
            "trace_id": job.trace_id,
        }
        if not await bury(session, job, code=code, message=message, context=context):
            return
        on_give_up = self._handlers[job.kind].on_give_up
        if on_give_up is not None:
            await on_give_up(session, job, code, message)

    async def _claim_batch(self, tenant_id: UUID, job_ids: Sequence[UUID]) -> Sequence[ClaimedJob | None]:
        async with self._database.transaction(tenant_id) as session:
            claimed = await JobRepository(session, tenant_id).claim(
                list(dict.fromkeys(job_ids)), owner=self.worker_id, lease_seconds=self._lease_seconds
            )
        # The same id twice in one batch is claimed once: the second caller gets nothing.
        return [claimed.pop(job_id, None) for job_id in job_ids]

    async def _finish_batch(self, tenant_id: UUID, jobs: Sequence[ClaimedJob]) -> Sequence[bool]:
        async with self._database.transaction(tenant_id) as session:
            finished = await JobRepository(session, tenant_id).finish(jobs)
        return [job.job_id in finished for job in jobs]

    async def _renew(self, tenant_id: UUID) -> None:
        held = [job for job, _ in self._held.values() if job.tenant_id == tenant_id]
        async with self._database.transaction(tenant_id) as session:
            ours = await JobRepository(session, tenant_id).renew(held, lease_seconds=self._lease_seconds)
        for job in held:
            holder = self._held.get(job.job_id)
            if job.job_id not in ours and holder is not None and holder[0] is job:
                holder[1].cancel()


def _is_cancelling() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
