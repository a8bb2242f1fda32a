"""A run is carried by one job at a time, whatever people ask for when it has failed."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.workers import build_worker_parts
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.intake.hubspot_form import parse
from sales_agent.pipeline.intake.receive import Door, Receiver
from sales_agent.pipeline.queue.failed_jobs import retry
from sales_agent.pipeline.queue.failed_repository import FailedTaskRepository
from sales_agent.pipeline.queue.job import JobRunner
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from sales_agent.pipeline.workflow.rerun import rerun
from sales_agent.sandbox.client import SandboxClient
from sales_agent.worker import handlers
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import api_settings
from tests.factories.store import store

LEAD = {
    "formSubmissionId": "sub-1",
    "email": "nora@newcomer.example",
    "firstname": "Nora",
    "message": "Could you show us dispatch planning for 40 trucks?",
}


@dataclass(frozen=True, slots=True)
class Office:
    """A demo tenant with a worker of its own, whose providers are the sandbox."""

    tenant_id: UUID
    runner: JobRunner
    database: Database


@pytest.fixture
async def office(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, sandbox: SandboxClient
) -> AsyncIterator[Office]:
    tenant_id = await store(database, make_tenant(is_demo=True))
    port = int(sandbox.url.rpartition(":")[2])
    seller = {"seller_name": "Mara", "seller_email": "mara@brightpath.example", "seller_company": "Brightpath"}
    parts = build_worker_parts(
        build_container(api_settings(database_urls.app, data_dir, sandbox_port=port, evidence_lag_seconds=0, **seller))
    )
    yield Office(
        tenant_id, JobRunner(database, handlers(parts), retry_delays_seconds=(0.1,), lease_seconds=30), database
    )
    await parts.close()


async def test_a_failed_run_that_is_run_again_and_retried_as_well_is_carried_once(
    office: Office, sandbox: SandboxClient
):
    sandbox.fault("status", provider="gmail", method="POST", path="/drafts", status=400, times=1)
    door = Door(office.tenant_id, "demo", 1, frozenset())
    (lead,) = await Receiver(office.database).receive(door, parse(json.dumps(LEAD).encode()), trace_id="a" * 32)
    await office.runner.run(office.tenant_id, lead.stored.job_id)

    async with office.database.transaction(office.tenant_id) as session:
        _, (failed,) = await FailedTaskRepository(session, office.tenant_id).page(status=None, limit=1, offset=0)
        again = await rerun(
            session, office.tenant_id, lead.stored.run_id, from_step="write_draft", steps=FORM_LEAD, by="ada"
        )
        await retry(session, office.tenant_id, failed.id, by="ben")
    await asyncio.gather(*(office.runner.run(office.tenant_id, job_id) for job_id in (lead.stored.job_id, again)))

    async with office.database.transaction(office.tenant_id) as session:
        run = await WorkflowRepository(session, office.tenant_id).get(lead.stored.run_id)
        actions = Counter((await session.execute(sa.select(AuditEvent.action))).scalars())
    assert run is not None
    assert (run.status, run.job_id) == (RunStatus.COMPLETED, again)
    # Eight steps before the draft, three of the failed attempt, six of the second one.
    assert (actions["run.completed"], actions["step.done"]) == (1, 8 + 3 + 6)
