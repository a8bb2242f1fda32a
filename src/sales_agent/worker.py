# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUntypedFunctionDecorator=false
# Celery carries no types.
"""The worker process: Celery threads that wait for one event loop on which every claimed job runs. THE task list."""

import asyncio
import contextlib
import sys
import time
from typing import Any

import structlog
from celery import Celery
from celery.apps.worker import Worker as CeleryWorker
from celery.signals import worker_ready, worker_shutdown

from sales_agent.agents.warming import warm_up
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.workers import WorkerParts, build_worker_parts
from sales_agent.config import Settings, load_settings
from sales_agent.console.held.tasks import release_effects_handler
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.controls.workers import BEAT_SECONDS
from sales_agent.kit.db import DatabaseUnavailable
from sales_agent.kit.memory import settle_memory
from sales_agent.observability import metrics
from sales_agent.observability.logging import configure_logging
from sales_agent.pipeline.approval.tasks import tidy_handler
from sales_agent.pipeline.queue import schedule
from sales_agent.pipeline.queue.catalog import JobKind, Queue
from sales_agent.pipeline.queue.celery_app import LoopThread, celery_url, make_celery, register_jobs
from sales_agent.pipeline.queue.job import JobHandler, JobRunner
from sales_agent.pipeline.sending.tasks import release_handler, send_handler, watch_handler
from sales_agent.pipeline.workflow.tasks import form_lead_handler, rewrite_handler, tenant_handler

log = structlog.get_logger()

# With a hundred jobs in hand some wait for a connection: better than failing, and leases are still renewed in time.
JOB_WAIT_SECONDS = 15.0

# A warm shutdown waits this long for the jobs in hand; what is left keeps its lease and is taken over.
DRAIN_SECONDS = 25.0


def handlers(parts: WorkerParts) -> tuple[JobHandler, ...]:
    """THE task list: what each kind of job of the catalog does."""
    return (
        form_lead_handler(parts.engine),
        rewrite_handler(parts.rewriter),
        tidy_handler(parts.container.database, parts.container.clock, SendingPolicy.default(parts.container.settings)),
        tenant_handler(JobKind.SEAL_AUDIT, lambda job: parts.seal(job.tenant_id)),
        tenant_handler(JobKind.EXPORT_ANCHORS, lambda job: parts.anchor(job.tenant_id)),
        tenant_handler(JobKind.SETTLE_EFFECTS, lambda job: parts.settle(job.tenant_id)),
        release_effects_handler(parts.release),
        send_handler(parts.carrier_of),
        release_handler(parts.carrier_of),
        watch_handler(parts.carrier_of),
    )


class WorkerProcess:
    """One worker: a loop thread with everything on it, and Celery's threads that hand it jobs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = LoopThread()
        self._parts: WorkerParts | None = None
        self._runner: JobRunner | None = None
        self._background: list[asyncio.Task[None]] = []

    def begin(self, app: Celery) -> None:
        """Make the parts on the loop and give Celery its tasks."""
        self._loop.start()
        self._loop.call(self._open())
        runner, parts = self._runner, self._parts
        if runner is None or parts is None:
            raise RuntimeError("the worker's parts were not made")

        async def tick(entry: str) -> None:
            await schedule.tick(parts.container.database, entry)

        register_jobs(app, self._loop, runner.run, tick)

    def end(self) -> None:
        """Close what was opened; jobs still in hand keep their lease until it runs out."""
        self._loop.call(self._close())
        self._loop.stop()

    async def _open(self) -> None:
        self._parts = build_worker_parts(build_container(self._settings, wait_seconds=JOB_WAIT_SECONDS))
        with contextlib.suppress(DatabaseUnavailable):  # asked again by every job's claim; the login is the point here
            await self._parts.container.database.require_plain_login()
        self._runner = JobRunner(
            self._parts.container.database,
            handlers(self._parts),
            retry_delays_seconds=self._settings.retry_delays_seconds,
            lease_seconds=self._settings.lease_seconds,
        )
        self._background = [
            asyncio.create_task(self._runner.keep_leases()),
            asyncio.create_task(self._heartbeat(self._parts, self._runner)),
            asyncio.create_task(self._parts.heartbeat.answer_stops()),
        ]

        await asyncio.to_thread(
            warm_up,
            zone=self._settings.seller_time_zone,
            country=self._settings.seller_country,
            today=self._parts.container.clock.now().date(),
        )
        settle_memory()

    async def _heartbeat(self, parts: WorkerParts, runner: JobRunner) -> None:
        while True:
            metrics.WORKER_IN_FLIGHT.set(runner.in_flight)
            with contextlib.suppress(Exception):  # a missed beat says the truth: this worker cannot reach the database
                await parts.heartbeat.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def _close(self) -> None:
        runner, parts = self._runner, self._parts
        if runner is None or parts is None:
            return
        deadline = time.monotonic() + DRAIN_SECONDS
        while runner.in_flight and time.monotonic() < deadline:  # noqa: ASYNC110 - jobs end by themselves, none signals
            await asyncio.sleep(0.1)
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await parts.close()


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM: all queues, the interactive one first."""
    configure_logging(settings.log_level, settings.log_format)
    app = make_celery(celery_url(settings.redis_url))
    process = WorkerProcess(settings)
    process.begin(app)

    @worker_ready.connect(weak=False)
    def ready(**_: Any) -> None:  # noqa: ANN401 - Celery's own
        log.info("worker.ready", concurrency=settings.worker_concurrency)

    @worker_shutdown.connect(weak=False)
    def shutdown(**_: Any) -> None:  # noqa: ANN401 - as above
        process.end()

    worker = CeleryWorker(
        app=app,
        pool="threads",
        concurrency=settings.worker_concurrency,
        queues=[queue.value for queue in Queue],
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    raise SystemExit(worker.exitcode or 0)


def run_schedule(settings: Settings) -> None:
    """Run the schedule as a process of its own: inside a worker it would outlive the worker's death and run twice."""
    configure_logging(settings.log_level, settings.log_format)
    app = make_celery(celery_url(settings.redis_url))
    folder = settings.data_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    app.Beat(schedule=str(folder / "schedule"), loglevel="WARNING", quiet=True).run()


if __name__ == "__main__":
    run = run_schedule if sys.argv[1:] == ["schedule"] else run_worker
    run(load_settings())
