"""What the same attempt may mend in a moment is told apart from what no repetition mends."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sales_agent.kit.db import Database, DatabaseUnavailable

LOCK = sa.text("select pg_advisory_xact_lock(:number)")


async def test_a_value_that_cannot_be_sent_is_no_outage(database: Database):
    with pytest.raises(DBAPIError):
        async with database.transaction() as session:
            await session.execute(sa.text("select cast(:text as text)"), {"text": "a\x00b"})


async def test_two_that_wait_for_each_other_are_told_to_come_again(database: Database):
    together = asyncio.Barrier(2)

    async def take(first: int, second: int) -> None:
        async with database.transaction() as session:
            await session.execute(LOCK, {"number": first})
            await together.wait()
            await session.execute(LOCK, {"number": second})

    ends = await asyncio.gather(take(1, 2), take(2, 1), return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["DatabaseUnavailable", "NoneType"]
    assert DatabaseUnavailable.status == 503
