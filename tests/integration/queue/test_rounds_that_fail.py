"""A round of the schedule that fails again and again is one thing for a person to look at, not thousands."""

from collections.abc import Sequence
from uuid import UUID

from sales_agent.connectors.errors import Permanent
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.failed_jobs import resolve, retry
from sales_agent.pipeline.queue.failed_repository import FailedTaskRepository
from sales_agent.pipeline.queue.job import JobHandler, JobRunner
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import FailedTask, JobState
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from tests.factories.working import read


async def broken(_: ClaimedJob) -> None:
    raise Permanent("the folder is gone")


async def run_once(database: Database, tenant_id: UUID, kind: JobKind, *, subject_id: UUID | None = None) -> UUID:
    """One round that fails for good; its job."""
    runner = JobRunner(database, [JobHandler(kind, broken)], retry_delays_seconds=(), lease_seconds=30)
    job = new_job(kind, subject_id=subject_id, unique_key=kind.value)
    async with database.transaction(tenant_id) as session:
        assert await enqueue(session, tenant_id, job) == {job.id}
    await runner.run(tenant_id, job.id)
    assert (await read(database, tenant_id, job.id)).state == JobState.FAILED
    return job.id


async def failed_tasks(database: Database, tenant_id: UUID) -> Sequence[FailedTask]:
    async with database.transaction(tenant_id) as session:
        _, rows = await FailedTaskRepository(session, tenant_id).page(status=None, limit=50, offset=0)
    return rows


async def test_rounds_of_a_kind_fail_into_one_open_task_that_counts_them(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    jobs = [await run_once(database, tenant_id, JobKind.SEAL_AUDIT) for _ in range(3)]
    await run_once(database, tenant_id, JobKind.SETTLE_EFFECTS)
    await run_once(database, other_tenant_id, JobKind.SEAL_AUDIT)
    settling, sealing = await failed_tasks(database, tenant_id)
    assert (settling.kind, sealing.kind) == ("effects.settle", "audit.seal")
    assert (sealing.job_id, sealing.context["times"]) == (jobs[-1], 3)
    assert "times" not in settling.context
    assert len(await failed_tasks(database, other_tenant_id)) == 1


async def test_after_a_person_has_closed_it_the_next_failure_is_a_new_one(database: Database, tenant_id: UUID):
    await run_once(database, tenant_id, JobKind.SEAL_AUDIT)
    (task,) = await failed_tasks(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        await resolve(session, tenant_id, task.id, by="user:mara", notes=None)
    await run_once(database, tenant_id, JobKind.SEAL_AUDIT)
    assert [one.status for one in await failed_tasks(database, tenant_id)] == ["failed", "resolved"]


async def test_a_retry_repeats_the_newest_round(database: Database, tenant_id: UUID):
    first = await run_once(database, tenant_id, JobKind.SEAL_AUDIT)
    last = await run_once(database, tenant_id, JobKind.SEAL_AUDIT)
    (task,) = await failed_tasks(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        await retry(session, tenant_id, task.id, by="user:mara")
    states = [(await read(database, tenant_id, one)).state for one in (first, last)]
    assert states == [JobState.FAILED, JobState.DUE]


async def test_jobs_with_a_subject_each_have_a_task_of_their_own(database: Database, tenant_id: UUID):
    for _ in range(2):
        await run_once(database, tenant_id, JobKind.SEND_DRAFT, subject_id=new_id())
    assert len(await failed_tasks(database, tenant_id)) == 2
