"""Attempts are counted together by all processes, within a window that begins with the first."""

import asyncio

import psycopg

from sales_agent.access.auth.attempts import count_attempt, forgive_attempt
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls


def pass_a_minute(urls: DatabaseUrls, seconds: int = 61) -> None:
    """Let the windows be older by a minute."""
    with psycopg.connect(urls.superuser) as connection:
        connection.execute(
            "update attempt set window_started_at = window_started_at - make_interval(secs => %s)", (seconds,)
        )


async def test_ten_a_minute_pass_and_the_eleventh_does_not(database: Database, database_urls: DatabaseUrls):
    assert [await count_attempt(database, "a") for _ in range(12)] == [True] * 10 + [False] * 2
    assert await count_attempt(database, "b")
    pass_a_minute(database_urls)
    assert await count_attempt(database, "a")


async def test_attempts_at_once_are_counted_one_by_one(database: Database):
    answers = await asyncio.gather(*(count_attempt(database, "a", limit=7) for _ in range(40)))
    assert answers.count(True) == 7


async def test_what_was_no_guess_is_not_counted(database: Database):
    for _ in range(30):
        assert await count_attempt(database, "a")
        await forgive_attempt(database, "a")
    await forgive_attempt(database, "never counted")


async def test_neither_address_nor_network_is_kept(database: Database, database_urls: DatabaseUrls):
    await count_attempt(database, "sign_in:address:mara@northwind.example")
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute("select to_jsonb(a)::text from attempt a").fetchall()
    assert len(rows) == 1
    assert "northwind" not in rows[0][0]


async def test_the_table_empties_itself(database: Database, database_urls: DatabaseUrls):
    for number in range(20):
        await count_attempt(database, f"old {number}")
    pass_a_minute(database_urls, seconds=7200)
    for number in range(5):
        await count_attempt(database, f"new {number}")
    with psycopg.connect(database_urls.superuser) as connection:
        assert connection.execute("select count(*) from attempt").fetchone() == (5,)
