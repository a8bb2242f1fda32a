"""Finds the tenant of a webhook, an API key or a slug before any tenant is known, and remembers it for a minute."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

from sales_agent.access.tenancy.directory_repository import DirectoryRepository, Whereabouts
from sales_agent.kit.db import Database

# Only ids are remembered, and their row is read at each use: a revoked key or a deleted source is refused at once.
# A source key that moved to another tenant is found there after this time.
REMEMBER_SECONDS = 60.0
# A stranger who tries keys is not remembered, so this is a bound on the sources and keys in use: some 3 MB.
MOST_REMEMBERED = 10_000


class _Memory(OrderedDict[str, tuple[float, Whereabouts]]):
    """What was found lately, oldest first."""

    def recall(self, key: str) -> Whereabouts | None:
        found_at, found = self.get(key, (0.0, None))
        return found if found_at > time.monotonic() - REMEMBER_SECONDS else None

    def keep(self, key: str, found: Whereabouts) -> None:
        self[key] = (time.monotonic(), found)
        self.move_to_end(key)
        if len(self) > MOST_REMEMBERED:
            self.popitem(last=False)


class Directory:
    """The directory of one process.

    Args:
        database: is entered without a tenant, where only the directory functions answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sources = _Memory()
        self._api_keys = _Memory()

    async def webhook_source(self, key: str) -> Whereabouts | None:
        """Where the webhook source of this key lies. Raises DatabaseUnavailable."""
        return await self._remembered(self._sources, key, DirectoryRepository.webhook_source)

    async def api_key(self, digest: str) -> Whereabouts | None:
        """Where the API key with this digest lies. Raises DatabaseUnavailable."""
        return await self._remembered(self._api_keys, digest, DirectoryRepository.api_key)

    async def tenant_by_slug(self, slug: str) -> UUID | None:
        """The tenant of this slug. Raises DatabaseUnavailable."""
        async with self._database.transaction() as session:
            return await DirectoryRepository(session).tenant_by_slug(slug)

    def forget(self) -> None:
        """Ask the database again from here on."""
        self._sources.clear()
        self._api_keys.clear()

    async def _remembered(
        self,
        memory: _Memory,
        key: str,
        look_up: Callable[[DirectoryRepository, str], Awaitable[Whereabouts | None]],
    ) -> Whereabouts | None:
        if (known := memory.recall(key)) is not None:
            return known
        async with self._database.transaction() as session:
            found = await look_up(DirectoryRepository(session), key)
        if found is not None:
            memory.keep(key, found)
        return found
