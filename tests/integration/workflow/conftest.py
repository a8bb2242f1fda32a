"""A submission whose run waits to be carried, and the world of toys that carries it."""

from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.models import Job
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.models import StepRun, WorkflowRun
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from tests.factories.pipeline import make_job
from tests.factories.records import make_submission
from tests.factories.store import store
from tests.integration.workflow.toys import Ticket, Toys


class Rows:
    """What the store holds of a run."""

    def __init__(self, database: Database, ticket: Ticket) -> None:
        self._database, self._ticket = database, ticket

    async def run(self) -> WorkflowRun:
        async with self._database.transaction(self._ticket.tenant_id) as session:
            run = await WorkflowRepository(session, self._ticket.tenant_id).get(self._ticket.run_id)
        assert run is not None
        return run

    async def job(self) -> Job:
        async with self._database.transaction(self._ticket.tenant_id) as session:
            job = await JobRepository(session, self._ticket.tenant_id).get(self._ticket.job_id)
        assert job is not None
        return job

    async def steps(self) -> list[tuple[str, str]]:
        """Name and status of every row that no re-run has set aside, in the order of the clock."""
        async with self._database.transaction(self._ticket.tenant_id) as session:
            found = await WorkflowRepository(session, self._ticket.tenant_id).current_steps(self._ticket.run_id)
        return [(row.step, row.status) for row in found]

    async def all_steps(self) -> list[StepRun]:
        async with self._database.transaction(self._ticket.tenant_id) as session:
            return list(await WorkflowRepository(session, self._ticket.tenant_id).all_steps(self._ticket.run_id))


@pytest.fixture
def toys(database: Database) -> Toys:
    return Toys(database)


@pytest.fixture
async def ticket(database: Database, tenant_id: UUID) -> Ticket:
    submission = make_submission(tenant_id, email="ada@fabrikam.example")
    job = make_job(tenant_id, id=submission.job_id, subject_id=submission.run_id)
    await store(database, submission, job)
    return Ticket(tenant_id, submission.run_id, submission.job_id)


@pytest.fixture
def rows(database: Database, ticket: Ticket) -> Rows:
    return Rows(database, ticket)
