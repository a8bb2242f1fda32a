"""A job that was committed is carried out, by one worker at a time, however often it is handed over."""

import asyncio
from uuid import UUID

import pytest

from sales_agent.connectors.errors import AuthExpired, Permanent, Transient
from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.failed_jobs import retry
from sales_agent.pipeline.queue.failed_repository import FailedTaskRepository
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import JobState
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from tests.factories.records import make_contact
from tests.factories.store import store
from tests.factories.working import KIND, Broker, make_relay, make_runner, nothing, put, read


async def test_a_job_goes_from_the_outbox_through_the_relay_to_done(database: Database, tenant_id: UUID):
    broker = Broker()
    job_id = await put(database, tenant_id)
    assert await make_relay(database, broker).hand_over() == 1
    assert [job.job_id for job in broker.jobs] == [job_id]
    await make_runner(database, nothing).run(tenant_id, job_id)
    assert (await read(database, tenant_id, job_id)).state == JobState.DONE


async def test_a_job_handed_over_ten_times_at_once_is_worked_on_once(database: Database, tenant_id: UUID):
    worked: list[UUID] = []

    async def work(job: ClaimedJob) -> None:
        worked.append(job.job_id)
        await asyncio.sleep(0.05)

    job_id = await put(database, tenant_id)
    runners = [make_runner(database, work) for _ in range(5)]
    await asyncio.gather(*(runner.run(tenant_id, job_id) for runner in runners for _ in range(2)))
    await runners[0].run(tenant_id, job_id)
    assert worked == [job_id]


async def test_two_relays_at_once_hand_each_job_over_once(database: Database, tenant_id: UUID):
    broker = Broker()
    jobs = {await put(database, tenant_id) for _ in range(30)}
    relays = [make_relay(database, broker) for _ in range(4)]
    await asyncio.gather(*(relay.hand_over() for relay in relays))
    assert sorted(job.job_id for job in broker.jobs) == sorted(jobs)


async def test_with_the_broker_away_the_job_stays_due_and_goes_later(database: Database, tenant_id: UUID):
    broker = Broker()
    broker.is_away = True
    relay = make_relay(database, broker)
    job_id = await put(database, tenant_id)
    assert await relay.hand_over() == 0
    assert (await read(database, tenant_id, job_id)).state == JobState.DUE
    broker.is_away = False
    await asyncio.sleep(1.1)  # the pause after a refused publication
    assert await relay.hand_over() == 1


async def test_a_job_that_the_broker_lost_is_handed_over_again(database: Database, tenant_id: UUID):
    broker = Broker()
    relay = make_relay(database, broker, handover_timeout_seconds=0.2)
    job_id = await put(database, tenant_id)
    await relay.hand_over()
    await asyncio.sleep(0.3)
    await relay.hand_over()
    assert [job.job_id for job in broker.jobs] == [job_id, job_id]


async def test_a_passing_fault_is_retried_after_the_waits_and_then_goes_to_the_dead_letters(
    database: Database, tenant_id: UUID
):
    async def fails(_: ClaimedJob) -> None:
        raise Transient("away", provider="hubspot")

    runner = make_runner(database, fails)
    job_id = await put(database, tenant_id)
    states = []
    for _ in range(3):
        await runner.run(tenant_id, job_id)
        await runner.run(tenant_id, job_id)  # a duplicate in the meantime must not jump the wait
        states.append((await read(database, tenant_id, job_id)).state)
        await asyncio.sleep(0.15)
    assert states == [JobState.DUE, JobState.DUE, JobState.FAILED]
    async with database.transaction(tenant_id) as session:
        total, (failed,) = await FailedTaskRepository(session, tenant_id).page(status=None, limit=10, offset=0)
    assert (total, failed.job_id, failed.error_code) == (1, job_id, "transient")
    assert "Transient" in str(failed.context["traceback"])


async def test_what_no_repetition_mends_goes_to_the_dead_letters_at_once_and_can_be_retried_by_hand(
    database: Database, tenant_id: UUID
):
    is_mended = False

    async def work(_: ClaimedJob) -> None:
        if not is_mended:
            raise Permanent("no such scope", provider="hubspot")

    runner = make_runner(database, work)
    job_id = await put(database, tenant_id)
    await runner.run(tenant_id, job_id)
    async with database.transaction(tenant_id) as session:
        _, (failed,) = await FailedTaskRepository(session, tenant_id).page(status=None, limit=10, offset=0)
    is_mended = True
    async with database.transaction(tenant_id) as session:
        await retry(session, tenant_id, failed.id, by="ada")
    await runner.run(tenant_id, job_id)
    assert (await read(database, tenant_id, job_id)).state == JobState.DONE


async def test_what_gave_up_is_told_without_the_words_it_stumbled_over(database: Database, tenant_id: UUID):
    address = "nora@newcomer.example"

    async def stumbles(_: ClaimedJob) -> None:
        for _ in range(2):
            await store(database, make_contact(tenant_id, email_canonical=address))

    job_id = await put(database, tenant_id)
    await make_runner(database, stumbles).run(tenant_id, job_id)
    job = await read(database, tenant_id, job_id)
    async with database.transaction(tenant_id) as session:
        _, (failed,) = await FailedTaskRepository(session, tenant_id).page(status=None, limit=10, offset=0)
    assert job.error == failed.error == "IntegrityError (UniqueViolation)"
    assert "stumbles" in str(failed.context["traceback"])
    assert address not in f"{job.error} {failed.error} {failed.context}"


async def test_a_lost_grant_parks_the_job_and_spends_no_retry(database: Database, tenant_id: UUID):
    async def work(_: ClaimedJob) -> None:
        raise AuthExpired(provider="gmail")

    job_id = await put(database, tenant_id)
    await make_runner(database, work).run(tenant_id, job_id)
    job = await read(database, tenant_id, job_id)
    assert (job.state, job.attempts) == (JobState.PARKED, 0)


async def test_at_most_one_open_job_of_a_unique_key(database: Database, tenant_id: UUID):
    first = await put(database, tenant_id, unique_key="seal")
    await put(database, tenant_id, unique_key="seal")
    broker = Broker()
    await make_relay(database, broker).hand_over()
    assert [job.job_id for job in broker.jobs] == [first]
    await make_runner(database, nothing).run(tenant_id, first)
    again = await put(database, tenant_id, unique_key="seal")
    await make_relay(database, broker).hand_over()
    assert broker.jobs[-1].job_id == again


async def test_a_rolled_back_transaction_asks_for_nothing(database: Database, tenant_id: UUID):
    async def ask_and_fail() -> None:
        async with database.transaction(tenant_id) as session:
            await enqueue(session, tenant_id, new_job(KIND))
            raise LookupError

    with pytest.raises(LookupError):
        await ask_and_fail()
    assert await make_relay(database, Broker()).hand_over() == 0


async def test_one_runner_holds_a_hundred_jobs_at_a_time(database: Database, tenant_id: UUID):
    together = 0
    most = 0
    all_here = asyncio.Event()

    async def work(_: ClaimedJob) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        if together == 100:
            all_here.set()
        await asyncio.wait_for(all_here.wait(), 20)
        together -= 1

    jobs = [new_job(KIND) for _ in range(100)]
    async with database.transaction(tenant_id) as session:
        await enqueue(session, tenant_id, *jobs)
    runner = make_runner(database, work)
    await asyncio.gather(*(runner.run(tenant_id, job.id) for job in jobs))
    assert most == 100
