"""The demo's door: a lead of the demo tenant, taken in as the webhook takes them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.demo.tenant import set_up_demo
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.trail_repository import AuditTrailRepository, TrailFilter
from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.process import running_sandbox
from tests.conftest import DatabaseUrls
from tests.factories.api import api_settings, headers_for, serving


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def demo_tenant_id(database_urls: DatabaseUrls, data_dir: Path) -> UUID:
    container = build_container(api_settings(database_urls.app, data_dir))
    try:
        return await set_up_demo(container)
    finally:
        await container.close()


@pytest.fixture
async def demo_client(
    database_urls: DatabaseUrls, data_dir: Path, sandbox: SandboxClient, demo_tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    port = int(sandbox.url.rpartition(":")[2])
    async with serving(database_urls.app, data_dir, sandbox_port=port) as client:
        yield client


async def test_a_demo_lead_is_answered_as_the_webhook_answers(
    demo_client: httpx2.AsyncClient, database: Database, demo_tenant_id: UUID
):
    headers = await headers_for(database, demo_tenant_id, Scope.ADMIN)

    answer = await demo_client.post("/api/demo/lead", headers=headers)

    body = answer.json()
    assert (answer.status_code, body["status"], body["duplicate"]) == (202, "accepted", False)
    assert {"submission_id", "workflow_id", "task_id", "status_url", "email", "message"} <= set(body)
    status = (await demo_client.get(body["status_url"], headers=headers)).json()
    assert (status["status"], status["progress"]["steps_total"]) == ("PENDING", 14)


async def test_who_sent_a_demo_lead_is_in_the_audit_trail(
    demo_client: httpx2.AsyncClient, database: Database, demo_tenant_id: UUID
):
    headers = await headers_for(database, demo_tenant_id, Scope.DEMO)
    body = (await demo_client.post("/api/demo/lead", headers=headers)).json()
    async with database.transaction(demo_tenant_id) as session:
        page = await AuditTrailRepository(session, demo_tenant_id).page(
            TrailFilter(action="demo_lead.sent"), after=None, limit=10
        )
    assert [(event.actor, str(event.run_id)) for event in page.rows] == [("api_key:mara", body["workflow_id"])]


async def test_each_demo_lead_is_a_new_submission(
    demo_client: httpx2.AsyncClient, database: Database, demo_tenant_id: UUID
):
    headers = await headers_for(database, demo_tenant_id, Scope.DEMO)

    bodies = [(await demo_client.post("/api/demo/lead", headers=headers)).json() for _ in range(2)]

    assert bodies[0]["submission_id"] != bodies[1]["submission_id"]
    assert bodies[0]["email"] == bodies[1]["email"]


async def test_anybody_may_be_sent_and_brings_nobody_elses_words(
    demo_client: httpx2.AsyncClient, database: Database, demo_tenant_id: UUID
):
    headers = await headers_for(database, demo_tenant_id, Scope.ADMIN)
    own = {"email": "kim@fabrikam.example", "message": "What does it cost?"}

    body = (await demo_client.post("/api/demo/lead", json=own, headers=headers)).json()

    shown = (await demo_client.get(f"/api/workflows/{body['workflow_id']}", headers=headers)).json()
    assert (shown["contact_email"], shown["company_name"]) == ("kim@fabrikam.example", "")


@pytest.mark.parametrize(
    ("person", "email"),
    [("new", "ines.carvalho@atlantic-facilities.example"), ("known", "daniel.ortiz@kestrelfield.example")],
)
async def test_people_of_the_table_are_sent_by_name(
    demo_client: httpx2.AsyncClient, database: Database, demo_tenant_id: UUID, person: str, email: str
):
    headers = await headers_for(database, demo_tenant_id, Scope.DEMO)

    body = (await demo_client.post("/api/demo/lead", json={"person": person}, headers=headers)).json()

    assert body["email"] == email


async def test_a_key_of_another_tenant_is_told_which_key_it_takes(
    demo_client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    answer = await demo_client.post("/api/demo/lead", headers=await headers_for(database, tenant_id, Scope.ADMIN))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_the_demo_tenant")
    assert "keys create --tenant demo" in answer.json()["title"]


async def test_who_may_only_operate_sends_no_demo_leads(
    demo_client: httpx2.AsyncClient, database: Database, demo_tenant_id: UUID
):
    answer = await demo_client.post(
        "/api/demo/lead", headers=await headers_for(database, demo_tenant_id, Scope.OPERATE)
    )

    assert answer.json()["code"] == "scope_missing"


async def test_without_the_sandbox_no_lead_is_taken(
    database_urls: DatabaseUrls, data_dir: Path, database: Database, demo_tenant_id: UUID
):
    silent = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with silent, serving(database_urls.app, data_dir, sandbox_port=port) as client:
        headers = await headers_for(database, demo_tenant_id, Scope.DEMO)
        answer = await client.post("/api/demo/lead", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "demo_not_running")
