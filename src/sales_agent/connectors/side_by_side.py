"""Several reads at the same time: all their results in order, or the first error, with the rest called off."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# One lead may not take a provider's whole rate: Gmail's limit a second is about 50 reads.
_MOST_AT_ONCE = 8


async def side_by_side(items: Iterable[Item], read: Callable[[Item], Awaitable[Result]]) -> list[Result]:
    """`read` of every item, at most eight at a time."""
    room = asyncio.Semaphore(_MOST_AT_ONCE)

    async def one(item: Item) -> Result:
        async with room:
            return await read(item)

    tasks = [asyncio.ensure_future(one(item)) for item in items]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
