"""Relays and workers over the test's own database, and the jobs they are given."""

from uuid import UUID

from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.handover_repository import HandedJob
from sales_agent.pipeline.queue.job import Handler, JobHandler, JobRunner
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import Job
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from sales_agent.pipeline.queue.relay import Relay
from sales_agent.pipeline.queue.repository import JobRepository

KIND = JobKind.PROCESS_FORM_LEAD


class Broker:
    """Stands where Celery stands: takes what the relay publishes, or refuses it."""

    def __init__(self) -> None:
        self.jobs: list[HandedJob] = []
        self.is_away = False

    def publish(self, jobs: object) -> None:
        if self.is_away:
            raise ConnectionError
        self.jobs.extend(jobs)  # type: ignore[arg-type]


def make_relay(database: Database, broker: Broker, *, handover_timeout_seconds: float = 30) -> Relay:
    return Relay(database, broker.publish, poll_seconds=0.05, handover_timeout_seconds=handover_timeout_seconds)


def make_runner(database: Database, work: Handler, *, lease_seconds: float = 30) -> JobRunner:
    return JobRunner(database, [JobHandler(KIND, work)], retry_delays_seconds=(0.1, 0.1), lease_seconds=lease_seconds)


async def put(database: Database, tenant_id: UUID, *, unique_key: str | None = None) -> UUID:
    job = new_job(KIND, unique_key=unique_key)
    async with database.transaction(tenant_id) as session:
        await enqueue(session, tenant_id, job)
    return job.id


async def read(database: Database, tenant_id: UUID, job_id: UUID) -> Job:
    async with database.transaction(tenant_id) as session:
        job = await JobRepository(session, tenant_id).get(job_id)
    assert job is not None
    return job


async def nothing(_: ClaimedJob) -> None:
    """A job that goes well."""
