"""A retry by hand does the work again or says why not: never nothing in silence, and never a fault of ours."""

from uuid import UUID

import httpx2
import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.catalog import CATALOG
from sales_agent.pipeline.queue.repository import JobRepository
from tests.factories.pipeline import make_failed_task, make_job
from tests.factories.store import store
from tests.integration.api.conftest import Callers

TASKS = "/api/async/failed-tasks"


async def gave_up(database: Database, tenant_id: UUID, kind: str, **changes: object) -> tuple[UUID, UUID]:
    """A job of a kind that gave up; the ids of the failed task and of the job."""
    job = make_job(tenant_id, kind=kind, state="failed", attempts=3, **changes)
    task = make_failed_task(tenant_id, job.id, kind=kind)
    await store(database, job, task)
    return task.id, job.id


async def state_of(database: Database, tenant_id: UUID, job_id: UUID) -> str:
    async with database.transaction(tenant_id) as session:
        job = await JobRepository(session, tenant_id).get(job_id)
    assert job is not None
    return job.state


@pytest.mark.parametrize("state", ["due", "handed", "running", "parked"])
async def test_what_is_queued_already_is_not_queued_twice(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, state: str
):
    task_id, job_id = await gave_up(database, tenant_id, "audit.seal", unique_key="seal")
    await store(database, make_job(tenant_id, kind="audit.seal", unique_key="seal", state=state))

    answer = await client.post(f"{TASKS}/{task_id}/retry", headers=callers.operate)

    assert (answer.status_code, answer.json()["code"]) == (409, "work_already_queued")
    assert await state_of(database, tenant_id, job_id) == "failed"
    resolved = await client.post(f"{TASKS}/{task_id}/resolve", headers=callers.operate)
    assert resolved.json()["status"] == "resolved"


async def test_a_round_that_gave_up_is_retried_once_no_other_is_open(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    task_id, job_id = await gave_up(database, tenant_id, "audit.seal", unique_key="seal")
    await store(database, make_job(tenant_id, kind="audit.seal", unique_key="seal", state="done"))

    answer = await client.post(f"{TASKS}/{task_id}/retry", headers=callers.operate)

    assert answer.status_code == 200
    assert await state_of(database, tenant_id, job_id) == "due"


@pytest.mark.parametrize(
    ("kind", "instead"),
    [
        ("sending.send_draft", "Send the draft again."),
        ("workflow.rewrite_draft", "Ask for other words again."),
    ],
)
async def test_what_a_draft_has_moved_on_from_is_asked_of_the_draft_again(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, kind: str, instead: str
):
    task_id, job_id = await gave_up(database, tenant_id, kind)

    answer = (await client.post(f"{TASKS}/{task_id}/retry", headers=callers.operate)).json()

    assert (answer["status"], answer["code"], answer["detail"]) == (409, "failed_task_not_retried", instead)
    assert await state_of(database, tenant_id, job_id) == "failed"
    listed = (await client.get(TASKS, headers=callers.read)).json()["tasks"]
    assert [(task["status"], task["instead"]) for task in listed] == [("failed", instead)]
    resolved = await client.post(f"{TASKS}/{task_id}/resolve", headers=callers.operate)
    assert resolved.json()["status"] == "resolved"


async def test_everything_else_is_retried_by_hand(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    kinds = [spec.kind.value for spec in CATALOG if not spec.done_again_by]
    tasks = [(await gave_up(database, tenant_id, kind))[0] for kind in kinds]

    listed = (await client.get(TASKS, headers=callers.read)).json()["tasks"]
    assert {task["instead"] for task in listed} == {None}
    for task_id in tasks:
        assert (await client.post(f"{TASKS}/{task_id}/retry", headers=callers.operate)).status_code == 200
