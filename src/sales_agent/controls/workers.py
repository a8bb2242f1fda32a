"""Heartbeats: which processes are alive, so that it can be told when nobody works and when a stop has reached all."""

import datetime as dt
import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from sales_agent.controls.models import Worker
from sales_agent.controls.repository import WorkerRepository
from sales_agent.controls.stop_repository import STOP_CHANNEL
from sales_agent.kit.db import Database, DatabaseUnavailable, wakeups
from sales_agent.kit.ids import new_id

# A process beats this often (seconds), and after three missed beats counts as gone.
BEAT_SECONDS = 10.0
GONE_AFTER = dt.timedelta(seconds=3 * BEAT_SECONDS)

# Rows of killed processes are of use to whoever looks for what happened yesterday, not longer.
FORGOTTEN_AFTER = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The sign of life of this process. `role`: api, relay, worker or schedule."""

    database: Database
    role: str
    version: str
    worker_id: UUID = field(default_factory=new_id)

    async def beat(self) -> None:
        """Say that this process lives. Raises DatabaseUnavailable."""
        async with self.database.transaction() as session:
            await WorkerRepository(session).beat(
                {
                    "id": self.worker_id,
                    "role": self.role,
                    "host": platform.node(),
                    "process_id": os.getpid(),
                    "version": self.version,
                }
            )

    async def answer_stops(self) -> None:
        """Beat at once whenever something is stopped or resumed, until cancelled; what is missed comes with a beat."""
        async for _ in wakeups(self.database.engine, STOP_CHANNEL):
            with suppress(DatabaseUnavailable):
                await self.beat()

    async def leave(self) -> None:
        """Say goodbye, and clear away those who could not."""
        async with self.database.transaction() as session:
            workers = WorkerRepository(session)
            await workers.leave(self.worker_id)
            await workers.drop_unseen(FORGOTTEN_AFTER)


async def alive(database: Database) -> Sequence[Worker]:
    """The processes that live, of all machines."""
    async with database.transaction() as session:
        return await WorkerRepository(session).seen_within(GONE_AFTER)
