"""A process that beats is alive; one that stopped beating is not."""

import psycopg

from sales_agent.controls.workers import Heartbeat, alive
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls


async def test_a_process_is_alive_while_it_beats_and_gone_when_it_leaves(
    database: Database, database_urls: DatabaseUrls
):
    relay, worker = Heartbeat(database, "relay", "0.1.0"), Heartbeat(database, "worker", "0.1.0")
    await relay.beat()
    await worker.beat()
    assert [(process.id, process.role) for process in await alive(database)] == [
        (relay.worker_id, "relay"),
        (worker.worker_id, "worker"),
    ]
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("update worker set seen_at = now() - interval '31 seconds' where role = 'relay'")
    assert [process.id for process in await alive(database)] == [worker.worker_id]
    await relay.beat()
    assert len(await alive(database)) == 2
    await relay.leave()
    assert [process.id for process in await alive(database)] == [worker.worker_id]


async def test_processes_killed_days_ago_are_cleared_away(database: Database, database_urls: DatabaseUrls):
    killed, worker = Heartbeat(database, "worker", "0.1.0"), Heartbeat(database, "worker", "0.1.0")
    await killed.beat()
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("update worker set seen_at = now() - interval '3 days'")
    await worker.beat()
    await worker.leave()
    with psycopg.connect(database_urls.superuser) as connection:
        assert connection.execute("select count(*) from worker").fetchone() == (0,)
