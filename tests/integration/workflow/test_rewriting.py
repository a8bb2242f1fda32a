"""Written anew at a person's wish: other words beside the old ones, judged; they wait for a person, nothing leaves."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pydantic import SecretStr, TypeAdapter

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.workers import WorkerParts, build_worker_parts
from sales_agent.config import Settings
from sales_agent.content import Severity
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.approval.acting import Act
from sales_agent.pipeline.approval.operator import cancel, reopen
from sales_agent.pipeline.approval.rewriting import edit, regenerate
from sales_agent.pipeline.drafting.create import SavedDraft, set_state
from sales_agent.pipeline.drafting.edited_content import Edit
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.queue.job import JobRunner
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts
from sales_agent.pipeline.workflow.tasks import rewrite_handler
from sales_agent.records.leads.fit import FitScore
from sales_agent.sandbox.client import SandboxClient
from tests.conftest import DatabaseUrls
from tests.factories.deciding import NOW
from tests.factories.drafting import CONTENT, stored_contact
from tests.factories.operating import approvals_of, jobs_of, waiting_draft
from tests.factories.pipeline import make_run, make_step_run
from tests.factories.records import make_submission
from tests.factories.store import count_of, store

SELLER = SellerProfile(name="Mara", email="mara@northwind.example", company="Northwind")
FORM = {"email": "ada@fabrikam.example", "firstname": "Ada", "message": "How do you plan fleets of robots?"}


@pytest.fixture
async def parts(database_urls: DatabaseUrls, data_dir: Path, sandbox: SandboxClient) -> AsyncIterator[WorkerParts]:
    """A worker's parts, whose writer is a language model at the other end of the wire."""
    settings = Settings(
        _env_file=None,
        database_url=database_urls.app,
        data_dir=data_dir,
        openai_base_url=f"{sandbox.url}/v1",
        openai_api_key=SecretStr("sandbox-own"),
        provider_retry_seconds=(0.01,),
        seller_name="Mara",
        seller_email="mara@northwind.example",
        seller_company="Northwind",
    )
    parts = build_worker_parts(build_container(settings))
    yield parts
    await parts.transport.close()
    await parts.container.close()


@pytest.fixture
async def draft(database: Database, tenant_id: UUID) -> SavedDraft:
    """A draft that waits, of a run that knows whom it is for."""
    contact_id = await stored_contact(database, tenant_id)
    submission = make_submission(tenant_id, email=FORM["email"], fields=FORM)
    draft = await waiting_draft(database, tenant_id, contact_id=contact_id, run_id=submission.run_id)
    contact = ResolvedContact(
        contact_id, "1", None, "", "", "", "", {}, {}, (), FitScore(0.5, ()), was_created=False, from_cache=False
    )
    output = TypeAdapter(ResolvedContact).dump_python(contact, mode="json")
    run = make_run(tenant_id, submission.id, id=submission.run_id, status="completed", draft_id=draft.draft_id)
    await store(
        database,
        submission,
        run,
        make_step_run(tenant_id, run.id, step="resolve_contact", number=2.0, output=output),
        make_step_run(tenant_id, run.id, step="propose_times", number=7.0, status="skipped"),
    )
    return draft


async def asked_anew(database: Database, tenant_id: UUID, draft_id: UUID, instruction: str = "Shorter") -> UUID:
    """The job of a person's wish."""
    async with database.transaction(tenant_id) as session:
        return await regenerate(Act(session, tenant_id, draft_id, "user:mara", NOW), instruction)


def runner_of(parts: WorkerParts, database: Database, retries: int = 0) -> JobRunner:
    return JobRunner(
        database,
        [rewrite_handler(parts.rewriter)],
        retry_delays_seconds=(0.0,) * retries,
        lease_seconds=30,
    )


async def found(database: Database, tenant_id: UUID, draft_id: UUID) -> tuple[Draft, DraftVersion]:
    async with database.transaction(tenant_id) as session:
        row = await DraftRepository(session, tenant_id).get(draft_id)
    assert row is not None
    return row


async def test_new_words_come_as_a_checked_version_that_waits_for_a_person(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft, sandbox: SandboxClient
):
    job_id = await asked_anew(database, tenant_id, draft.draft_id, "Mention the trade fair in Hanover")

    await runner_of(parts, database).run(tenant_id, job_id)

    row, words = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, row.instruction) == ("needs_review", 2, None)
    assert (words.author, words.findings is not None) == ("draft_writer", True)
    assert words.body != CONTENT.body()
    assert "The calendar could not be read" in str(words.content["omissions"])
    assert [str(entry["body"]).count("trade fair in Hanover") for entry in sandbox.journal()] == [1]
    async with database.transaction(tenant_id) as session:
        old = await DraftRepository(session, tenant_id).version(draft.draft_id, 1)
    assert old is not None
    assert (old.body, old.body_hash) == (CONTENT.body(), draft.body_hash)


async def test_no_rule_is_asked_and_nothing_is_approved(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft
):
    await runner_of(parts, database).run(tenant_id, await asked_anew(database, tenant_id, draft.draft_id))

    assert await approvals_of(database, tenant_id, draft.draft_id) == []
    async with database.transaction(tenant_id) as session:
        actions = set(await session.scalars(sa.select(AuditEvent.action)))
    assert "draft.rewritten" in actions
    assert not actions & {"approval.decided", "approval.granted", "draft.auto_approved"}


async def test_a_writer_that_finds_no_other_words_leaves_the_version_as_it_is(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft
):
    for _ in range(2):
        await runner_of(parts, database).run(tenant_id, await asked_anew(database, tenant_id, draft.draft_id))

    row, _ = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, row.state_reason) == ("needs_review", 2, "the writer found no other words")
    assert row.worst_severity != Severity.BLOCK


async def test_when_the_writer_cannot_be_reached_the_draft_waits_with_its_old_words(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft, sandbox: SandboxClient
):
    sandbox.fault("status", provider="openai", status=503, times=0)
    job_id = await asked_anew(database, tenant_id, draft.draft_id)

    await runner_of(parts, database).run(tenant_id, job_id)

    row, words = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, words.body) == ("needs_review", 1, CONTENT.body())
    assert (row.state_reason or "").startswith("no new words could be written (")
    assert [job.state for job in await jobs_of(database, tenant_id, draft.draft_id)] == ["failed"]


async def test_a_draft_that_was_cancelled_meanwhile_is_left_alone(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft, sandbox: SandboxClient
):
    job_id = await asked_anew(database, tenant_id, draft.draft_id)
    async with database.transaction(tenant_id) as session:
        await set_state(session, tenant_id, draft.draft_id, DraftState.CANCELLED, actor="user:mara")

    await runner_of(parts, database).run(tenant_id, job_id)

    row, _ = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, sandbox.journal()) == ("cancelled", 1, [])
    assert await count_of(database, tenant_id, DraftVersion) == 1


Deed = Callable[[Act], Awaitable[object]]


def runner_meanwhile(parts: WorkerParts, database: Database, *deeds: Deed) -> JobRunner:
    """A runner in which a person does these things after the writer was asked and before it answers."""

    async def provide(job: ClaimedJob, facts: RunFacts) -> Mapping[str, Any]:
        for deed in deeds:
            await doing(database, job.tenant_id, job.subject_id, deed)
        return await parts.rewriter.provide(job, facts)

    return JobRunner(
        database,
        [rewrite_handler(replace(parts.rewriter, provide=provide))],
        retry_delays_seconds=(),
        lease_seconds=30,
    )


async def doing(database: Database, tenant_id: UUID, draft_id: UUID | None, deed: Deed) -> object:
    assert draft_id is not None
    async with database.transaction(tenant_id) as session:
        return await deed(Act(session, tenant_id, draft_id, "user:ole", NOW))


async def types_other_words(act: Act) -> None:
    body = CONTENT.body().replace("Hi Ada", "Dear Ada")
    assert await edit(act, Edit(body=body), seller=SELLER)


async def test_words_that_come_late_do_not_go_over_those_a_person_typed(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft
):
    job_id = await asked_anew(database, tenant_id, draft.draft_id)

    await runner_meanwhile(parts, database, cancel, reopen, types_other_words).run(tenant_id, job_id)

    row, words = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, words.author) == ("needs_review", 2, "user:ole")
    assert "Dear Ada" in words.body
    assert [job.state for job in await jobs_of(database, tenant_id, draft.draft_id)] == ["done"]


async def test_words_that_come_late_do_not_go_over_a_draft_that_waits_again(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft
):
    job_id = await asked_anew(database, tenant_id, draft.draft_id)

    await runner_meanwhile(parts, database, cancel, reopen).run(tenant_id, job_id)

    row, words = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, words.body) == ("needs_review", 1, CONTENT.body())


async def test_a_later_wish_is_the_one_that_is_heard(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft, sandbox: SandboxClient
):
    first = await asked_anew(database, tenant_id, draft.draft_id, "Mention the trade fair in Hanover")

    async def asks_again(act: Act) -> None:
        await regenerate(act, "Mention the harvest in Tuscany")

    await runner_meanwhile(parts, database, cancel, reopen, asks_again).run(tenant_id, first)
    row, _ = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version) == ("drafting", 1)
    _, second = await jobs_of(database, tenant_id, draft.draft_id)
    await runner_of(parts, database).run(tenant_id, second.id)

    row, words = await found(database, tenant_id, draft.draft_id)
    assert (row.state, row.version, words.author) == ("needs_review", 2, "draft_writer")
    assert "harvest in Tuscany" in str(sandbox.journal()[-1]["body"])


async def test_a_cancelled_draft_is_not_written_anew(
    parts: WorkerParts, database: Database, tenant_id: UUID, draft: SavedDraft, sandbox: SandboxClient
):
    await asked_anew(database, tenant_id, draft.draft_id)

    await doing(database, tenant_id, draft.draft_id, cancel)

    assert [job.state for job in await jobs_of(database, tenant_id, draft.draft_id)] == ["cancelled"]
    await doing(database, tenant_id, draft.draft_id, reopen)
    job_id = await asked_anew(database, tenant_id, draft.draft_id)
    await runner_of(parts, database).run(tenant_id, job_id)
    assert (await found(database, tenant_id, draft.draft_id))[0].version == 2
    assert len(sandbox.journal()) == 1
