"""What probes are told: alive, ready, and why not."""

from pathlib import Path

import httpx2

from sales_agent.embedded.redis import EmbeddedRedis
from tests.conftest import DatabaseUrls
from tests.factories.api import serving


async def test_a_process_that_answers_is_alive(client: httpx2.AsyncClient):
    assert (await client.get("/health")).json() == {"status": "ok"}
    assert (await client.get("/health/live")).json() == {"status": "ok"}


async def test_with_every_part_there_it_is_ready(
    database_urls: DatabaseUrls, redis_server: EmbeddedRedis, data_dir: Path
):
    async with serving(database_urls.app, data_dir, redis_url=redis_server.url()) as client:
        answer = await client.get("/health/ready")

    told = {name: check["status"] for name, check in answer.json()["checks"].items()}
    assert (answer.status_code, told) == (200, {"database": "ok", "login": "ok", "migrations": "ok", "redis": "ok"})


async def test_without_redis_it_says_so_and_stays_ready_since_submissions_are_stored(
    database_urls: DatabaseUrls, data_dir: Path
):
    async with serving(database_urls.app, data_dir, redis_url=f"unix://{data_dir}/no-redis") as client:
        answer = await client.get("/health/ready")

    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "ok")
    assert body["checks"]["redis"]["status"] == "failing"
    assert body["checks"]["redis"]["reason"] == "ConnectionError"


async def test_without_the_tables_of_this_release_it_is_not_ready(bare_database_urls: DatabaseUrls, data_dir: Path):
    async with serving(bare_database_urls.app, data_dir) as client:
        answer = await client.get("/health/ready")

    body = answer.json()
    assert (answer.status_code, body["checks"]["database"]["status"]) == (503, "ok")
    assert body["checks"]["migrations"]["reason"] == "MigrationsBehind"


async def test_without_the_database_it_is_not_ready_but_alive(data_dir: Path):
    async with serving("postgresql://nobody@127.0.0.1:1/nothing", data_dir) as client:
        ready, alive = await client.get("/health/ready"), await client.get("/health/live")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.json()["checks"]["database"]["reason"] == "DatabaseUnavailable"


async def test_measurements_know_routes_and_no_ids(client: httpx2.AsyncClient):
    await client.get("/api/workflows/01a1fd33-7d38-7a59-a674-69d7333722a4")

    text = (await client.get("/metrics")).text

    assert 'route="/api/workflows/{workflow_id}"' in text
    assert "01a1fd33" not in text
