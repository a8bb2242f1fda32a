import asyncio
import time

import pytest

from sales_agent.observability.health import Check, run_checks


async def works() -> None:
    await asyncio.sleep(0)


async def fails() -> None:
    raise ConnectionRefusedError("postgresql://login:secret@host/db is away")


async def hangs() -> None:
    await asyncio.sleep(60)


async def test_everything_works():
    health = await run_checks([Check("database", works), Check("redis", works)])
    assert health.is_ok
    assert health.as_json()["status"] == "ok"
    assert list(health.as_json()["checks"]) == ["database", "redis"]


async def test_without_checks_there_is_nothing_wrong():
    assert (await run_checks([])).as_json() == {"status": "ok", "checks": {}}


async def test_a_required_part_that_fails_makes_the_whole_fail_and_says_why_without_secrets():
    health = await run_checks([Check("database", fails), Check("redis", works)])
    told = health.as_json()
    assert told["status"] == "failing"
    assert told["checks"]["database"]["reason"] == "ConnectionRefusedError"
    assert told["checks"]["redis"]["status"] == "ok"
    assert "secret" not in repr(told)


async def test_an_optional_part_that_fails_is_only_told():
    health = await run_checks([Check("model", fails, is_required=False), Check("database", works)])
    assert health.is_ok
    assert health.as_json()["checks"]["model"]["status"] == "failing"


async def test_parts_are_asked_side_by_side_and_none_for_long():
    began = time.perf_counter()
    health = await run_checks([Check(f"part{number}", hangs, timeout_seconds=0.05) for number in range(20)])
    assert time.perf_counter() - began < 1
    assert {result.reason for result in health.results} == {"TimeoutError"}


async def test_whoever_asks_may_stop_asking():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await run_checks([Check("slow", hangs, timeout_seconds=30)])
