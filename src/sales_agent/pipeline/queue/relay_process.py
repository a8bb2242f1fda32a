"""The relay as a process of its own: it stands between PostgreSQL and Redis, and nothing else depends on it."""

import asyncio
import contextlib
import signal
from importlib.metadata import version

import structlog

from sales_agent.config import Settings, load_settings
from sales_agent.controls.workers import BEAT_SECONDS, Heartbeat
from sales_agent.kit.db import Database, DatabaseUnavailable, make_engine
from sales_agent.observability.logging import configure_logging
from sales_agent.pipeline.queue.celery_app import celery_url, make_celery, make_publisher
from sales_agent.pipeline.queue.relay import Relay

log = structlog.get_logger()

# One for the rounds, one to give jobs back, one for the sign of life.
_CONNECTIONS = 3


async def run_relay(settings: Settings) -> None:
    """Hand jobs over until SIGTERM or SIGINT; the round in hand is finished."""
    engine = make_engine(settings.database_url, pool_size=_CONNECTIONS, prepared=settings.database_prepared_statements)
    database = Database(engine)
    relay = Relay(
        database,
        make_publisher(make_celery(celery_url(settings.redis_url))),
        poll_seconds=settings.relay_poll_seconds,
        handover_timeout_seconds=settings.handover_timeout_seconds,
    )
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    heartbeat = Heartbeat(database, "relay", version("sales-agent"))
    beating = asyncio.create_task(_beat(heartbeat))
    log.info("relay.started")
    try:
        await relay.run(stop)
    finally:
        beating.cancel()
        with contextlib.suppress(DatabaseUnavailable):
            await heartbeat.leave()
        await database.dispose()
        log.info("relay.stopped")


async def _beat(heartbeat: Heartbeat) -> None:
    while True:
        with contextlib.suppress(DatabaseUnavailable):  # a missed beat tells the truth
            await heartbeat.beat()
        await asyncio.sleep(BEAT_SECONDS)


if __name__ == "__main__":
    chosen = load_settings()
    configure_logging(chosen.log_level, chosen.log_format)
    asyncio.run(run_relay(chosen))
