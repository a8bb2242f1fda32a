"""Runs as people see them: from the moment a submission is stored, with every step, for the tenant's callers only."""

import datetime as dt
from uuid import UUID

import httpx2

from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.record import AuditEntry, record
from tests.factories.effects import make_effect
from tests.factories.pipeline import make_job, make_run, make_step_run
from tests.factories.records import make_submission
from tests.factories.store import store
from tests.integration.api.conftest import Callers

STEPS = 14


async def stored_submission(database: Database, tenant_id: UUID, **changes: object) -> tuple[UUID, UUID]:
    """A submission with its job, as intake leaves them; the ids of run and job."""
    run_id, job_id = new_id(), new_id()
    fields = {"email": "ada@fabrikam.example", "company": "Fabrikam"}
    submission = make_submission(tenant_id, run_id=run_id, job_id=job_id, email=fields["email"], fields=fields)
    await store(database, submission, make_job(tenant_id, id=job_id, subject_id=run_id, **changes))
    return run_id, job_id


async def begun_run(database: Database, tenant_id: UUID, *, status: str = "running", job: str = "running") -> UUID:
    """A run whose first step is done."""
    run_id, job_id = new_id(), new_id()
    submission = make_submission(tenant_id, run_id=run_id, job_id=job_id, email="ada@fabrikam.example")
    await store(
        database,
        submission,
        make_job(tenant_id, id=job_id, subject_id=run_id, state=job),
        make_run(tenant_id, submission.id, id=run_id, job_id=job_id, status=status),
        make_step_run(tenant_id, run_id, output={"email": "ada@fabrikam.example"}),
    )
    return run_id


async def test_a_run_is_pending_until_a_worker_begins_it(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id, job_id = await stored_submission(database, tenant_id)

    shown = (await client.get(f"/api/workflows/{run_id}", headers=callers.read)).json()

    assert (shown["status"], shown["task_id"], shown["draft_id"]) == ("pending", str(job_id), None)
    assert (shown["contact_email"], shown["company_name"]) == ("ada@fabrikam.example", "Fabrikam")
    assert [step["status"] for step in shown["steps"]] == ["pending"] * STEPS
    assert [step["number"] for step in shown["steps"]] == [*range(1, 11), 10.5, 11, 12, 13]


async def test_a_run_shows_what_is_done_and_what_is_at_work(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id)
    effect = make_effect(tenant_id, run_id=run_id, kind="crm.create_contact", held_because="the kill switch is set")
    await store(database, effect)

    shown = (await client.get(f"/api/workflows/{run_id}", headers=callers.read)).json()

    first, second, third = shown["steps"][:3]
    assert (first["status"], first["output"], first["attempts"]) == ("done", {"email": "ada@fabrikam.example"}, 1)
    assert (second["status"], third["status"]) == ("running", "pending")
    assert [(effect["kind"], effect["held_because"]) for effect in shown["effects"]] == [
        ("crm.create_contact", "the kill switch is set")
    ]


async def test_steps_that_do_not_need_each_other_run_side_by_side(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id)
    await store(database, make_step_run(tenant_id, run_id, step="resolve_contact", number=2.0))

    shown = (await client.get(f"/api/workflows/{run_id}", headers=callers.read)).json()

    at_work = [step["name"] for step in shown["steps"] if step["status"] == "running"]
    assert at_work == ["search_threads", "recall_similar", "find_assets", "propose_times"]


async def test_a_skipped_step_says_what_the_draft_leaves_unsaid(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id)
    skipped = make_step_run(tenant_id, run_id, step="find_assets", number=6.0, status="skipped", error_code="timeout")
    await store(database, skipped)

    shown = (await client.get(f"/api/workflows/{run_id}", headers=callers.read)).json()

    step = next(step for step in shown["steps"] if step["name"] == "find_assets")
    assert (step["status"], step["error_code"]) == ("skipped", "timeout")
    assert step["without_it"] == "Files could not be looked through, so none is offered."


async def test_the_list_goes_page_by_page_newest_first(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    stored = [(await stored_submission(database, tenant_id))[0] for _ in range(5)]

    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/workflows", params=query, headers=callers.read)).json()
        seen += [item["workflow_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == [str(run_id) for run_id in reversed(stored)]


async def test_the_list_can_be_narrowed_to_one_status(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    pending, _ = await stored_submission(database, tenant_id)
    failed = await begun_run(database, tenant_id, status="failed", job="failed")
    await begun_run(database, tenant_id, status="completed", job="done")

    async def listed(status: str) -> list[str]:
        page = (await client.get("/api/workflows", params={"status": status}, headers=callers.read)).json()
        return [item["workflow_id"] for item in page["items"]]

    assert await listed("pending") == [str(pending)]
    assert await listed("failed") == [str(failed)]
    assert await listed("rejected") == []


async def test_a_submission_rejected_at_the_door_has_no_run(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    submission = make_submission(tenant_id, state="rejected", reason="no_email")
    await store(database, submission)

    answer = await client.get(f"/api/workflows/{submission.run_id}", headers=callers.read)

    assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")


async def test_the_audit_trail_of_a_run_is_told_in_order(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        for action in ("run.started", "step.done", "run.completed"):
            await record(session, tenant_id, AuditEntry(action, run_id=run_id, private_encrypted="k1:secret"))

    first = (await client.get(f"/api/workflows/{run_id}/events?limit=2", headers=callers.read)).json()
    query = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await client.get(f"/api/workflows/{run_id}/events", params=query, headers=callers.read)).json()

    told = [event["action"] for event in (*first["items"], *second["items"])]
    assert told == ["run.started", "step.done", "run.completed"]
    assert second["next_cursor"] is None
    assert "secret" not in str(first) + str(second)


async def test_a_run_is_queued_again_from_a_step(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id, status="completed", job="done")

    answer = await client.post(
        f"/api/workflows/{run_id}/rerun", json={"from_step": "hand_off"}, headers=callers.operate
    )

    again = answer.json()
    assert (answer.status_code, again["steps"]) == (202, ["hand_off"])
    status = (await client.get(again["status_url"], headers=callers.read)).json()
    assert (status["status"], status["progress"]["steps_done"]) == ("PENDING", 1)
    shown = (await client.get(f"/api/workflows/{run_id}", headers=callers.read)).json()
    assert (shown["status"], shown["generation"], shown["task_id"]) == ("running", 1, again["task_id"])


async def test_a_run_at_work_is_not_run_again(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id)

    answer = await client.post(
        f"/api/workflows/{run_id}/rerun", json={"from_step": "hand_off"}, headers=callers.operate
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "run_still_running")


async def test_a_step_that_is_not_in_the_table_is_refused_by_name(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id, status="completed", job="done")

    answer = await client.post(f"/api/workflows/{run_id}/rerun", json={"from_step": "dance"}, headers=callers.operate)

    assert (answer.status_code, answer.json()["code"]) == (400, "step_unknown")
    assert "write_draft" in answer.json()["detail"]


async def test_another_tenants_run_is_not_there(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id = await begun_run(database, tenant_id, status="completed", job="done")

    answers = [
        await client.get(f"/api/workflows/{run_id}", headers=callers.stranger),
        await client.get(f"/api/workflows/{run_id}/events", headers=callers.stranger),
        await client.post(f"/api/workflows/{run_id}/rerun", json={"from_step": "hand_off"}, headers=callers.stranger),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await client.get("/api/workflows", headers=callers.stranger)).json()["items"] == []


async def test_a_cursor_that_nobody_gave_out_is_refused(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.get("/api/workflows?cursor=made-up", headers=callers.read)

    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


async def test_times_are_told_with_their_zone(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    run_id, _ = await stored_submission(database, tenant_id)

    shown = (await client.get(f"/api/workflows/{run_id}", headers=callers.read)).json()

    assert dt.datetime.fromisoformat(shown["received_at"]).tzinfo is not None
