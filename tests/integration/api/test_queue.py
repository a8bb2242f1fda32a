"""The doors to the queue: how a job stands, what gave up, and what a person may do about it."""

from uuid import UUID

import httpx2
import pytest

from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.repository import JobRepository
from tests.factories.pipeline import make_failed_task, make_job
from tests.factories.store import store
from tests.integration.api.conftest import Callers


async def gave_up(database: Database, tenant_id: UUID, **changes: object) -> tuple[UUID, UUID]:
    """A job that gave up; the ids of the failed task and of the job."""
    job = make_job(tenant_id, state="failed", attempts=3)
    task = make_failed_task(tenant_id, job.id, **changes)
    await store(database, job, task)
    return task.id, job.id


@pytest.mark.parametrize(
    ("row", "told", "is_over"),
    [
        ({"state": "due"}, "PENDING", False),
        ({"state": "handed"}, "PENDING", False),
        ({"state": "running"}, "STARTED", False),
        ({"state": "due", "attempts": 1}, "RETRY", False),
        ({"state": "parked"}, "RETRY", False),
        ({"state": "done"}, "SUCCESS", True),
        ({"state": "failed"}, "FAILURE", True),
        ({"state": "cancelled"}, "FAILURE", True),
    ],
)
async def test_a_job_is_told_in_the_words_clients_of_queues_know(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, row, told, is_over
):
    job = make_job(tenant_id, **row)
    await store(database, job)

    answer = (await client.get(f"/api/async/tasks/{job.id}/status", headers=callers.read)).json()

    assert (answer["task_id"], answer["status"], answer["ready"]) == (str(job.id), told, is_over)


async def test_a_job_that_carries_no_run_has_no_progress(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    job = make_job(tenant_id, kind="audit.seal", queue="maintenance")
    await store(database, job)

    answer = (await client.get(f"/api/async/tasks/{job.id}/status", headers=callers.read)).json()

    assert (answer["progress"], answer["task_type"]) == (None, "audit.seal")


async def test_a_job_nobody_knows_is_not_pending(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.get(f"/api/async/tasks/{new_id()}/status", headers=callers.read)

    assert (answer.status_code, answer.json()["code"]) == (404, "task_not_found")


async def test_what_gave_up_is_listed_newest_first_and_counted(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    tasks = [(await gave_up(database, tenant_id))[0] for _ in range(3)]

    page = (await client.get("/api/async/failed-tasks?limit=2", headers=callers.read)).json()
    rest = (await client.get("/api/async/failed-tasks?limit=2&offset=2", headers=callers.read)).json()

    assert [task["id"] for task in (*page["tasks"], *rest["tasks"])] == [str(task) for task in reversed(tasks)]
    assert (page["total_count"], page["returned_count"], page["limit"], page["offset"]) == (3, 2, 2, 0)
    assert (rest["returned_count"], rest["offset"]) == (1, 2)


async def test_the_list_can_be_narrowed_to_one_status(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    await gave_up(database, tenant_id)
    resolved, _ = await gave_up(database, tenant_id, status="resolved")

    page = (await client.get("/api/async/failed-tasks?status=resolved", headers=callers.read)).json()

    assert [task["id"] for task in page["tasks"]] == [str(resolved)]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", f"offset={1 << 64}", "status=lost"])
async def test_a_page_that_cannot_be_is_refused(client: httpx2.AsyncClient, callers: Callers, query: str):
    answer = await client.get(f"/api/async/failed-tasks?{query}", headers=callers.read)

    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")


async def test_without_a_limit_fifty_are_told_and_five_hundred_may_be_asked_for(
    client: httpx2.AsyncClient, callers: Callers
):
    assert (await client.get("/api/async/failed-tasks", headers=callers.read)).json()["limit"] == 50
    assert (await client.get("/api/async/failed-tasks?limit=500", headers=callers.read)).status_code == 200


async def test_a_retry_puts_the_same_job_back_in_the_queue(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    task_id, job_id = await gave_up(database, tenant_id)

    answer = (await client.post(f"/api/async/failed-tasks/{task_id}/retry", headers=callers.operate)).json()

    assert (answer["status"], answer["failed_task_id"]) == ("retry_queued", str(task_id))
    assert answer["new_task_id"] == str(job_id)
    status = (await client.get(answer["status_url"], headers=callers.read)).json()
    assert (status["status"], status["attempts"]) == ("PENDING", 0)
    listed = (await client.get("/api/async/failed-tasks", headers=callers.read)).json()["tasks"][0]
    assert (listed["status"], listed["resolved_by"]) == ("manual_retry", "api_key:mara")


async def test_a_failed_task_is_retried_once(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    task_id, _ = await gave_up(database, tenant_id)
    await client.post(f"/api/async/failed-tasks/{task_id}/retry", headers=callers.operate)

    again = await client.post(f"/api/async/failed-tasks/{task_id}/retry", headers=callers.operate)

    assert (again.status_code, again.json()["code"]) == (409, "failed_task_closed")


@pytest.mark.parametrize(
    "said",
    [{"params": {"notes": "a test form"}}, {"json": {"notes": "a test form"}}],
)
async def test_closing_keeps_the_notes_and_takes_the_person_from_the_key(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, said
):
    task_id, job_id = await gave_up(database, tenant_id)

    answer = await client.post(f"/api/async/failed-tasks/{task_id}/resolve", headers=callers.operate, **said)

    assert (answer.json()["status"], answer.json()["failed_task_id"]) == ("resolved", str(task_id))
    listed = (await client.get("/api/async/failed-tasks", headers=callers.read)).json()["tasks"][0]
    assert (listed["status"], listed["notes"], listed["resolved_by"]) == ("resolved", "a test form", "api_key:mara")
    async with database.transaction(tenant_id) as session:
        job = await JobRepository(session, tenant_id).get(job_id)
    assert job is not None
    assert job.state == "failed"


@pytest.mark.parametrize("deed", ["retry", "resolve"])
async def test_another_tenants_failed_task_is_not_there(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, deed: str
):
    task_id, _ = await gave_up(database, tenant_id)

    answer = await client.post(f"/api/async/failed-tasks/{task_id}/{deed}", headers=callers.stranger)

    assert (answer.status_code, answer.json()["code"]) == (404, "failed_task_not_found")


@pytest.mark.parametrize("deed", ["retry", "resolve"])
async def test_who_may_only_read_changes_nothing(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, deed: str
):
    task_id, _ = await gave_up(database, tenant_id)

    answer = await client.post(f"/api/async/failed-tasks/{task_id}/{deed}", headers=callers.read)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
