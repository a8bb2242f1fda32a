"""What comes between the stores and the parts: the tables of this release, and the rows nothing works without."""

import asyncio
import contextlib
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.demo.tenant import set_up_demo
from sales_agent.bootstrap.running import RunningSystem, announce, withdraw
from sales_agent.bootstrap.setup import set_up
from sales_agent.bootstrap.stores import database_runs, reachable_database
from sales_agent.config import Settings
from sales_agent.kit.db import async_url
from sales_agent.kit.errors import AppError
from sales_agent.kit.migrations import head_revision, upgrade


class MigrationLoginMissing(AppError):
    """The database lacks tables of this release: set MIGRATION_DATABASE_URL, the login that owns the tables."""


def migrate(settings: Settings) -> None:
    """Bring the database to the tables of this release; without the owner's login it must be there already."""
    if settings.migration_database_url:
        login = make_url(async_url(settings.database_url)).username or ""
        upgrade(settings.migration_database_url, login)
        return
    if asyncio.run(_revision(settings)) != head_revision():
        raise MigrationLoginMissing


def furnish_installation(settings: Settings, *, is_demo: bool) -> None:
    """The first tenant, and the demo's where it is wanted."""
    asyncio.run(_furnish(settings, is_demo=is_demo))


async def _revision(settings: Settings) -> str | None:
    container = build_container(settings)
    try:
        return await container.database.revision()
    finally:
        await container.close()


async def _furnish(settings: Settings, *, is_demo: bool) -> None:
    container = build_container(settings)
    try:
        await set_up(container)
        if is_demo:
            await set_up_demo(container)
    finally:
        await container.close()


@dataclass(slots=True)
class Preparation:
    """Takes its place among the stores, so that the supervisor does it after them and before the parts.

    It has no process: once done it stays done. `settings` hold the URLs of the stores. It also tells commands that come
    later what runs here, since whoever gets this far holds the supervisor's lock.
    """

    settings: Settings
    system: RunningSystem
    log: Path
    name: str = "tables"
    pid: int | None = None
    _is_done: bool = field(default=False, init=False)

    def start(self) -> None:
        """Migrate, furnish, announce."""
        if not self._is_done:
            migrate(self.settings)
            furnish_installation(self.settings, is_demo=self.system.is_demo)
            announce(self.settings, self.system)
            self._is_done = True

    def stop(self) -> None:
        """Nothing runs here any more."""
        if self._is_done:
            withdraw(self.settings)

    def is_alive(self) -> bool:
        """Whether it is done."""
        return self._is_done


@contextlib.contextmanager
def prepared_database(settings: Settings) -> Generator[Settings]:
    """The settings under which a database with our tables answers.

    One that runs is taken as it is; the embedded one is started and brought up to date for the block.
    """
    is_ours = not database_runs(settings)
    with reachable_database(settings) as filled:
        if is_ours:
            migrate(filled)
            furnish_installation(filled, is_demo=False)
        yield filled
