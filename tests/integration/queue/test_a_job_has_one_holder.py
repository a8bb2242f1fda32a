"""A job has one holder at a time: who lost the lease is stopped, and who outslept it starts anew."""

import asyncio
from uuid import UUID

from sales_agent.connectors.errors import AuthExpired
from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.job import MAX_CLAIMS
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import JobState
from sales_agent.pipeline.queue.repository import JobRepository
from tests.factories.working import Broker, make_relay, make_runner, put, read


async def test_a_job_whose_worker_fell_silent_is_taken_over_and_the_old_worker_can_write_nothing(
    database: Database, tenant_id: UUID
):
    broker, began, go_on = Broker(), asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def stalls(_: ClaimedJob) -> None:
        began.set()
        await go_on.wait()
        finished.append("stalled")

    async def works(_: ClaimedJob) -> None:
        finished.append("successor")

    job_id = await put(database, tenant_id)
    silent = asyncio.create_task(make_runner(database, stalls, lease_seconds=0.2).run(tenant_id, job_id))
    await began.wait()
    await asyncio.sleep(0.3)
    assert await make_relay(database, broker).hand_over() == 1
    await make_runner(database, works).run(tenant_id, job_id)
    after = await read(database, tenant_id, job_id)
    go_on.set()
    await silent
    unchanged = await read(database, tenant_id, job_id)
    assert finished == ["successor", "stalled"]
    assert (after.state, after.lease_token, after.finished_at) == (JobState.DONE, 2, unchanged.finished_at)


async def test_a_lease_is_kept_while_the_work_lasts_and_lost_work_is_stopped(database: Database, tenant_id: UUID):
    was_cancelled = asyncio.Event()

    async def long_work(_: ClaimedJob) -> None:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            was_cancelled.set()
            raise

    job_id = await put(database, tenant_id)
    runner = make_runner(database, long_work, lease_seconds=0.3)
    keeper = asyncio.create_task(runner.keep_leases())
    running = asyncio.create_task(runner.run(tenant_id, job_id))
    await asyncio.sleep(0.7)
    assert await make_relay(database, Broker()).hand_over() == 0, "a renewed lease is not taken back"
    async with database.transaction(tenant_id) as session:
        job = await JobRepository(session, tenant_id).get(job_id)
        assert job is not None
        job.lease_token += 1
        await session.flush()
    await asyncio.wait_for(was_cancelled.wait(), 2)
    await running
    keeper.cancel()


async def test_a_job_parked_for_hours_is_not_taken_for_one_that_kills_its_workers(database: Database, tenant_id: UUID):
    async def work(_: ClaimedJob) -> None:
        raise AuthExpired(provider="gmail")

    job_id = await put(database, tenant_id)
    runner = make_runner(database, work)
    for _ in range(MAX_CLAIMS + 2):
        await runner.run(tenant_id, job_id)
        async with database.transaction(tenant_id) as session:
            parked = await JobRepository(session, tenant_id).get(job_id)
            assert parked is not None
            assert parked.state == JobState.PARKED
            parked.next_run_at = parked.created_at
            await session.flush()
        assert await make_relay(database, Broker()).hand_over() == 1


async def test_a_process_that_slept_through_its_lease_and_is_handed_its_own_job_again_finishes_it_once(
    database: Database, tenant_id: UUID
):
    began, go_on = asyncio.Event(), asyncio.Event()
    ends: list[str] = []

    async def work(job: ClaimedJob) -> None:
        began.set()
        try:
            await go_on.wait()
        except asyncio.CancelledError:
            ends.append(f"stopped {job.lease_token}")
            raise
        ends.append(f"done {job.lease_token}")

    job_id = await put(database, tenant_id)
    runner = make_runner(database, work, lease_seconds=0.2)
    asleep = asyncio.create_task(runner.run(tenant_id, job_id))
    await began.wait()
    await asyncio.sleep(0.3)
    assert await make_relay(database, Broker()).hand_over() == 1
    awake = asyncio.create_task(runner.run(tenant_id, job_id))
    await asleep
    assert runner.in_flight == 1
    go_on.set()
    await awake
    assert ends == ["stopped 1", "done 2"]
    assert (await read(database, tenant_id, job_id)).state == JobState.DONE
