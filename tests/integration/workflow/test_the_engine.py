"""The engine carries any table of steps: in its order, side by side where it may, once, from where it left off."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from sales_agent.connectors.errors import AuthExpired, Permanent, Transient
from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.failed_jobs import retry
from sales_agent.pipeline.queue.failed_repository import FailedTaskRepository
from sales_agent.pipeline.queue.models import JobState
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.hook import Point
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.pipeline.workflow.rerun import RunStillRunning, StepUnknown, rerun
from tests.integration.workflow.conftest import Rows
from tests.integration.workflow.toys import Crash, Ticket, Toys, for_ever

STEPS = ("first", "left", "right", "join", "write", "last")
ALL_DONE = sorted((step, "done") for step in STEPS)
# Steps whose output is durable as soon as they are over, or the latest when an outward step begins.
AT_ONCE = ("join", "write", "last")
POINTS = [(step, point) for step in STEPS for point in Point]


async def carry(toys: Toys, ticket: Ticket, **runner: float) -> None:
    await toys.runner(**runner).run(ticket.tenant_id, ticket.job_id)


async def carry_to_the_end(toys: Toys, ticket: Ticket, rows: Rows) -> None:
    """As the relay would: again, as soon as it is due."""
    for _ in range(10):
        await carry(toys, ticket)
        if (await rows.job()).state != JobState.DUE:
            return
        await asyncio.sleep(0.02)


def fails(*errors: Exception) -> Callable[[], Awaitable[None]]:
    """Raises one error after another, then goes well; the last one for ever if it stands twice."""
    left = list(errors)

    async def behave() -> None:
        if left:
            raise left.pop(0)

    return behave


async def test_a_run_ends_with_every_step_done_once_and_its_outputs_handed_on(toys: Toys, ticket: Ticket, rows: Rows):
    await carry(toys, ticket)
    assert (await rows.run()).status == RunStatus.COMPLETED
    assert sorted(await rows.steps()) == ALL_DONE
    assert toys.did == Counter(STEPS)
    first, second = toys.outside.items()
    assert first[1] == "thread of ada@fabrikam.example"
    assert second[1] == f"after {first[0]}"


async def test_steps_that_need_nothing_of_each_other_run_side_by_side(toys: Toys, ticket: Ticket, rows: Rows):
    meeting = asyncio.Barrier(2)

    async def meet() -> None:
        async with asyncio.timeout(5):
            await meeting.wait()

    toys.on = {"left": meet, "right": meet}
    await carry(toys, ticket)
    assert (await rows.run()).status == RunStatus.COMPLETED


@pytest.mark.parametrize(("step", "point"), POINTS, ids=[f"{point.value}-{step}" for step, point in POINTS])
async def test_after_a_crash_at_any_point_the_run_goes_on_and_repeats_nothing_that_is_durable(
    toys: Toys, ticket: Ticket, rows: Rows, step: str, point: Point
):
    toys.crash_at = (step, point)
    with pytest.raises(Crash):
        await carry(toys, ticket, lease_seconds=0.05)
    durable = {name for name, status in await rows.steps() if status == "done"}
    before = toys.did.copy()
    await asyncio.sleep(0.06)
    await carry(toys, ticket)
    assert (await rows.run()).status == RunStatus.COMPLETED
    assert sorted(await rows.steps()) == ALL_DONE
    assert [name for name in durable if toys.did[name] > before[name]] == []
    assert sorted(toys.written.values()) == [1, 1]
    if point is Point.AFTER and step in AT_ONCE:
        assert step in durable


async def test_before_a_step_writes_outside_everything_before_it_is_durable(toys: Toys, ticket: Ticket, rows: Rows):
    seen: list[tuple[str, str]] = []

    async def look() -> None:
        seen.extend(await rows.steps())

    toys.on["write"] = look
    await carry(toys, ticket)
    assert {name for name, status in seen if status == "done"} == {"first", "left", "right", "join"}


async def test_a_may_step_is_tried_a_few_times_then_left_out_and_later_steps_are_told(
    toys: Toys, ticket: Ticket, rows: Rows
):
    toys.on["left"] = fails(*[Transient("away")] * 9)
    await carry(toys, ticket)
    assert (await rows.run()).status == RunStatus.COMPLETED
    assert (toys.did["left"], toys.seen_omissions) == (3, ["no left hand"])
    assert ("left", "skipped") in await rows.steps()


async def test_a_may_step_that_no_repetition_mends_is_left_out_at_once(toys: Toys, ticket: Ticket):
    toys.on["left"] = fails(Permanent("never"))
    await carry(toys, ticket)
    assert (toys.did["left"], toys.seen_omissions) == (1, ["no left hand"])


async def test_what_was_left_out_stays_left_out_after_a_crash(toys: Toys, ticket: Ticket, rows: Rows):
    toys.on["left"] = fails(Permanent("never"))
    toys.crash_at = ("write", Point.BEFORE)
    with pytest.raises(Crash):
        await carry(toys, ticket, lease_seconds=0.05)
    await asyncio.sleep(0.06)
    await carry(toys, ticket)
    assert toys.did["left"] == 1
    assert ("left", "skipped") in await rows.steps()


async def test_a_lost_grant_ends_the_attempt_even_in_a_may_step_and_spends_nothing(
    toys: Toys, ticket: Ticket, rows: Rows
):
    toys.on["left"] = fails(AuthExpired(provider="gmail"))
    await carry(toys, ticket)
    job = await rows.job()
    assert (job.state, job.attempts, (await rows.run()).status) == (JobState.PARKED, 0, RunStatus.RUNNING)


async def test_a_must_step_is_tried_again_with_the_job_and_steps_before_it_are_not(
    toys: Toys, ticket: Ticket, rows: Rows
):
    toys.on["write"] = fails(Transient("away"), Transient("away"))
    await carry_to_the_end(toys, ticket, rows)
    assert (await rows.run()).status == RunStatus.COMPLETED
    assert toys.did == Counter({**dict.fromkeys(STEPS, 1), "write": 3})
    attempts = [(row.step, row.status, row.attempt) for row in await rows.all_steps() if row.step == "write"]
    assert attempts == [("write", "failed", 1), ("write", "failed", 2), ("write", "done", 3)]


async def test_a_run_that_gave_up_is_completed_after_a_retry_by_hand(
    toys: Toys, ticket: Ticket, rows: Rows, database: Database
):
    toys.on["last"] = fails(*[Transient("away")] * 3)
    await carry_to_the_end(toys, ticket, rows)
    run = await rows.run()
    assert (run.status, run.reason) == (RunStatus.FAILED, "transient: Transient: away")
    async with database.transaction(ticket.tenant_id) as session:
        _, (failed,) = await FailedTaskRepository(session, ticket.tenant_id).page(status=None, limit=10, offset=0)
        await retry(session, ticket.tenant_id, failed.id, by="ada")
    await carry(toys, ticket)
    assert (await rows.run()).status == RunStatus.COMPLETED
    assert (toys.did["write"], sorted(toys.written.values())) == (1, [1, 1])


async def test_a_bug_in_a_step_gives_up_at_once_and_is_named(toys: Toys, ticket: Ticket, rows: Rows):
    toys.on["join"] = fails(KeyError("colour"))
    await carry(toys, ticket)
    job = await rows.job()
    assert (job.state, job.error_code, toys.did["join"]) == (JobState.FAILED, "bug.KeyError", 1)


async def test_a_step_that_hangs_is_ended_at_its_limit(toys: Toys, ticket: Ticket, rows: Rows):
    toys.on["join"] = for_ever
    async with asyncio.timeout(3):
        await carry(toys, ticket)
    assert ("join", "failed") in await rows.steps()
    assert (await rows.job()).state == JobState.DUE


async def test_a_run_may_end_at_its_first_step(toys: Toys, ticket: Ticket, rows: Rows):
    toys.ends_as = RunStatus.REJECTED
    await carry(toys, ticket)
    run = await rows.run()
    assert (run.status, run.reason, toys.did) == (RunStatus.REJECTED, "so it is", Counter({"first": 1}))


async def test_a_worker_that_lost_its_lease_stops_and_leaves_no_trace(
    toys: Toys, ticket: Ticket, rows: Rows, database: Database
):
    async def taken_over() -> None:
        async with database.transaction(ticket.tenant_id) as session:
            job = await JobRepository(session, ticket.tenant_id).get(ticket.job_id)
            assert job is not None
            job.lease_token += 1
            await session.flush()

    toys.on["join"] = taken_over
    await carry(toys, ticket)
    assert (toys.did["write"], toys.outside, await rows.steps()) == (0, {}, [])
    job, run = await rows.job(), await rows.run()
    assert (job.state, job.lease_token, run.status) == (JobState.RUNNING, 2, RunStatus.RUNNING)


async def test_a_second_worker_with_the_same_job_does_nothing_while_the_first_one_lives(toys: Toys, ticket: Ticket):
    await asyncio.gather(*(carry(toys, ticket) for _ in range(5)))
    assert toys.did == Counter(STEPS)


async def rerun_from(database: Database, ticket: Ticket, toys: Toys, step: str) -> Ticket:
    async with database.transaction(ticket.tenant_id) as session:
        job_id = await rerun(session, ticket.tenant_id, ticket.run_id, from_step=step, steps=toys.steps(), by="ada")
    return Ticket(ticket.tenant_id, ticket.run_id, job_id)


async def test_a_rerun_from_a_step_sets_aside_what_comes_after_and_repeats_no_finished_write(
    toys: Toys, ticket: Ticket, rows: Rows, database: Database
):
    await carry(toys, ticket)
    again = await rerun_from(database, ticket, toys, "join")
    assert sorted(await rows.steps()) == [("first", "done"), ("left", "done"), ("right", "done")]
    await carry(toys, again)
    run = await rows.run()
    assert (run.status, run.generation, run.job_id) == (RunStatus.COMPLETED, 1, again.job_id)
    assert toys.did == Counter({"first": 1, "left": 1, "right": 1, "join": 2, "write": 2, "last": 2})
    assert sorted(toys.written.values()) == [1, 1]
    assert len(await rows.all_steps()) == 9, "nothing is deleted"
    assert sorted(await rows.steps()) == ALL_DONE


async def test_a_rerun_from_one_of_two_side_by_side_leaves_the_other_as_it_is(
    toys: Toys, ticket: Ticket, database: Database
):
    await carry(toys, ticket)
    await carry(toys, await rerun_from(database, ticket, toys, "left"))
    assert (toys.did["left"], toys.did["right"], toys.did["join"]) == (2, 1, 2)


async def test_a_rerun_is_refused_while_the_run_is_carried_and_from_a_step_that_is_none(
    toys: Toys, ticket: Ticket, database: Database
):
    refused: list[bool] = []

    async def meanwhile() -> None:
        with pytest.raises(RunStillRunning):
            await rerun_from(database, ticket, toys, "join")
        refused.append(True)

    toys.on["join"] = meanwhile
    await carry(toys, ticket)
    assert refused == [True]
    with pytest.raises(StepUnknown):
        await rerun_from(database, ticket, toys, "middle")


async def test_outputs_wishes_and_errors_may_hold_characters_that_no_store_takes(
    toys: Toys, ticket: Ticket, rows: Rows
):
    """Mails and models bring them; neither the run nor the write may fail over them."""
    toys.on = {"left": fails(Permanent("a \x00 of \ud800 doom")), "last": fails(KeyError("\x00 \ud800"))}
    toys.strange = "nul \x00 and half a pair \ud800"
    await carry(toys, ticket)
    assert list(toys.outside.values()) == ["nul  and half a pair ?"]
    assert (await rows.job()).state == JobState.FAILED
