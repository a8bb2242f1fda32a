# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# Celery and kombu carry no types.
"""Celery on Redis: ids only, late acknowledgement, threads that wait for one event loop. Nothing else knows Celery."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import uvloop
from celery import Celery
from kombu.entity import Exchange, Queue

from sales_agent.pipeline.queue.catalog import CATALOG, SPECS, JobKind
from sales_agent.pipeline.queue.catalog import Queue as QueueName
from sales_agent.pipeline.queue.handover_repository import HandedJob
from sales_agent.pipeline.queue.schedule import SCHEDULE

TICK_TASK = "tick"

# Longer than any job may take, or Redis would deliver it a second time while it runs.
VISIBILITY_TIMEOUT_SECONDS = 900


def make_celery(redis_url: str) -> Celery:
    """The Celery application. Results are not kept: PostgreSQL knows what became of a job."""
    app = Celery("sales_agent", broker=redis_url)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        # Or our own log lines, which go to stderr, come back as Celery's and are dropped as a loop.
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_default_queue=QueueName.MAINTENANCE.value,
        # Without exchange and key every queue would show the default queue's key.
        task_queues=[Queue(name.value, Exchange(name.value), routing_key=name.value) for name in QueueName],
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
            "unacked_restore_throttle": 1,
            "queue_order_strategy": "priority",
            "socket_connect_timeout": 1,
            "socket_timeout": 30,
        },
        beat_schedule={
            entry.name: {"task": TICK_TASK, "schedule": entry.every_seconds, "args": [entry.name]} for entry in SCHEDULE
        },
        timezone="UTC",
    )
    return app


def make_publisher(app: Celery) -> Callable[[Sequence[HandedJob]], None]:
    """A blocking function that puts jobs on their queues over one connection; raises when Redis is away."""

    def publish(jobs: Sequence[HandedJob]) -> None:
        with app.producer_pool.acquire(block=True, timeout=5) as producer:
            for job in jobs:
                app.send_task(
                    SPECS[JobKind(job.kind)].task,
                    args=[str(job.tenant_id), str(job.job_id)],
                    queue=job.queue,
                    producer=producer,
                    retry=False,
                )

    return publish


class LoopThread:
    """One event loop in a thread of its own, on which every job of the process runs."""

    def __init__(self) -> None:
        # Half the work of a run is waiting for sockets, which libuv does at two thirds of asyncio's price.
        self.loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin running the loop."""
        self._thread.start()

    def call(self, work: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever the work returns
        """Run a coroutine on the loop and wait for it, from any other thread."""
        return asyncio.run_coroutine_threadsafe(_as_coroutine(work), self.loop).result()

    def stop(self) -> None:
        """Stop the loop and wait for its thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout=5)


async def _as_coroutine(work: Awaitable[Any]) -> Any:  # noqa: ANN401 - as above
    return await work


def register_jobs(
    app: Celery,
    loop: LoopThread,
    run: Callable[[UUID, UUID], Awaitable[None]],
    tick: Callable[[str], Awaitable[None]],
) -> None:
    """Give Celery one task a row of the catalog, all of which do the same: run the job of these ids on the loop."""
    for spec in CATALOG:

        def carry(tenant_id: str, job_id: str) -> None:
            loop.call(run(UUID(tenant_id), UUID(job_id)))

        app.task(carry, name=spec.task)

    def on_tick(entry: str) -> None:
        loop.call(tick(entry))

    app.task(on_tick, name=TICK_TASK)


def celery_url(redis_url: str) -> str:
    """The broker URL of a Redis URL: `unix:///path?db=1` is spelt in Celery's own way, the others as they are."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    database = next((part.removeprefix("db=") for part in query.split("&") if part.startswith("db=")), "0")
    return f"redis+socket://{path}?virtual_host={database}"
