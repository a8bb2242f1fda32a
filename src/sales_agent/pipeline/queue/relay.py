"""The relay: hands committed jobs to Celery and takes back what was left behind. Two of them at once do no harm."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from sales_agent.kit.db import Database, DatabaseUnavailable, wakeups
from sales_agent.observability import metrics
from sales_agent.pipeline.queue.handover_repository import HandedJob, HandoverRepository
from sales_agent.pipeline.queue.repository import NOTIFY_CHANNEL, JobRepository

log = structlog.get_logger()

# As many rows as are marked in one statement; Celery takes them at about 0.4 ms each.
BATCH = 200
# More than this many jobs of one queue never lie in Redis: what waits, waits in PostgreSQL, where it is seen and safe.
MAX_HANDED = 2000

# How often the backlog is counted for `/metrics`.
COUNT_SECONDS = 10.0

Publish = Callable[[Sequence[HandedJob]], None]


class Relay:
    """Moves due jobs from PostgreSQL to Celery until told to stop."""

    def __init__(
        self, database: Database, publish: Publish, *, poll_seconds: float, handover_timeout_seconds: float
    ) -> None:
        self._database = database
        self._publish = publish
        self._poll_seconds = poll_seconds
        self._handover_timeout_seconds = handover_timeout_seconds
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; woken by NOTIFY, and every poll interval without it."""
        background = [asyncio.create_task(self._listen()), asyncio.create_task(self._count())]
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    moved = await self.hand_over()
                except DatabaseUnavailable:
                    log.warning("relay.database_unavailable")
                    moved = 0
                if moved < BATCH:
                    await self._wait(stop)
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)

    async def hand_over(self) -> int:
        """One round: mark what is due as handed, commit, then publish; returns how many."""
        async with self._database.transaction() as session:
            jobs = await HandoverRepository(session).hand_over(
                batch=BATCH, max_handed=MAX_HANDED, handover_timeout_seconds=self._handover_timeout_seconds
            )
        if not jobs:
            return 0
        try:
            await asyncio.to_thread(self._publish, jobs)
        except Exception as error:  # noqa: BLE001 - whatever ails Redis, the jobs go back to being due
            log.warning("relay.publish_failed", jobs=len(jobs), error=type(error).__name__)
            await self._give_back(jobs)
            return 0
        for job in jobs:
            log.info(
                "job.handed_over",
                tenant_id=str(job.tenant_id),
                job_id=str(job.job_id),
                kind=job.kind,
                trace_id=job.trace_id,
            )
        return len(jobs)

    async def _give_back(self, jobs: Sequence[HandedJob]) -> None:
        by_tenant: dict[UUID, list[UUID]] = defaultdict(list)
        for job in jobs:
            by_tenant[job.tenant_id].append(job.job_id)
        for tenant_id, ids in by_tenant.items():
            async with self._database.transaction(tenant_id) as session:
                await JobRepository(session, tenant_id).give_back(ids)

    async def _listen(self) -> None:
        async for _ in wakeups(self._database.engine, NOTIFY_CHANNEL):
            self._wake.set()

    async def _count(self) -> None:
        """Say every few seconds how much is waiting: what grows here is what nobody carries away."""
        while True:
            with suppress(DatabaseUnavailable):
                async with self._database.transaction() as session:
                    metrics.OUTBOX_DUE.set(await HandoverRepository(session).due_jobs())
            await asyncio.sleep(COUNT_SECONDS)

    async def _wait(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(stop.wait()), asyncio.create_task(self._wake.wait())]
        _, pending = await asyncio.wait(waiting, timeout=self._poll_seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
