"""Grouped commits: what waits at the same moment for the same key shares a transaction; each learns its own result."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from sales_agent.kit.errors import TemporarilyUnavailable

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")

# A batch above this size holds its transaction long enough to be felt by the requests that wait behind it.
MAX_BATCH = 256


class GroupCommit(Generic[Key, Item, Result]):
    """Collects items per key and hands them to `write` in batches; `write` returns one result an item, in order.

    While one batch of a key is being written the next one gathers, so a lone caller never waits for company.
    When a batch fails, its items are written one by one, so that one bad item spoils nothing for the others;
    an outage fails the whole batch at once.
    """

    def __init__(self, write: Callable[[Key, Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._write = write
        self._waiting: dict[Key, list[tuple[Item, asyncio.Future[Result]]]] = defaultdict(list)
        self._writers: dict[Key, asyncio.Task[None]] = {}

    async def submit(self, key: Key, item: Item) -> Result:
        """Write `item` with its neighbours; returns once that is durable, or raises what the write raised."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[key].append((item, future))
        if key not in self._writers:
            self._writers[key] = asyncio.create_task(self._drain(key))
        # Shielded by being a bare future: a caller that gives up does not cancel the batch of the others.
        return await future

    async def _drain(self, key: Key) -> None:
        try:
            while waiting := self._waiting[key]:
                batch, self._waiting[key] = waiting[:MAX_BATCH], waiting[MAX_BATCH:]
                await self._write_batch(key, batch)
        finally:
            del self._writers[key]
            if not self._waiting[key]:
                del self._waiting[key]

    async def _write_batch(self, key: Key, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write(key, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, it belongs to the callers
            if len(batch) == 1 or isinstance(error, TemporarilyUnavailable):
                for _, future in batch:
                    _fail(future, error)
                return
            for lone in batch:
                await self._write_batch(key, [lone])
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


def _fail(future: "asyncio.Future[Result]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
