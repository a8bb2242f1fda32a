"""One tenant's drafts, and everything that people, rules, providers and workers may do to them, at once."""

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import sqlalchemy as sa
from pydantic import SecretStr

from sales_agent.access.auth.principal import Scope
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.content import Sentence, SentenceType
from sales_agent.effects.once import EffectRequest
from sales_agent.kit.clock import ShiftedClock
from sales_agent.main import create_app
from sales_agent.pipeline.drafting.create import attach_findings, save, set_state
from sales_agent.pipeline.drafting.mail_kinds import CREATE_MAIL_DRAFT, MailDraftWish
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.job import JobHandler, JobRunner
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import Job, JobState
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.seller import SELLER
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import calling, headers_for
from tests.factories.drafting import make_new_draft
from tests.factories.records import make_contact
from tests.factories.store import store
from tests.integration.sending.office import CONTENT, Office, new_address, open_office
from tests.integration.sending.witness import Paper, Witness

PASSWORD = "the one of the installation"

# What a tenant begins with; a step may change each.
LIMITS = {"max_emails_per_day": 3, "max_emails_per_week": 4, "max_emails_per_contact_per_week": 2}

# Signed by the seller, so that nothing is found in it when it is edited.
SENTENCES = (
    Sentence(SentenceType.GREETING, "Hi Ada,"),
    Sentence(SentenceType.QUESTION, "How many of you would plan with it?", (), 1),
    Sentence(SentenceType.SIGN_OFF, f"Best regards,\n{SELLER.name}", (), 2),
)

# So often are the workers called after a sequence, without faults, so that nothing is left in the middle.
LAST_ROUNDS = 3

Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Stage:
    """What all sequences share. `counted`: moves made, by name, and mails that left. `wrong`: what a sequence did."""

    office: Office
    client: httpx2.AsyncClient
    clock_file: Path
    counted: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def keep_wrongs(self, play: "Play") -> None:
        """Every move of a sequence, for whoever has to find out why."""
        if play.wrongs and not self.wrong:
            self.wrong.append("\n".join([*play.witness.history, *play.wrongs]))

    async def play(self, name: str) -> "Play":
        """A tenant with three drafts, two of them to one person, in a mailbox without any mail."""
        office = replace(self.office, tenant_id=await store(self.office.database, make_tenant()))
        await asyncio.to_thread(office.sandbox.reset, empty=True)
        self.clock_file.write_text("0")
        headers = await headers_for(office.database, office.tenant_id, Scope.OWNER)
        play = Play(self, office, headers, Witness(dict(LIMITS), history=[name]))
        first = await play.write(new_address())
        await play.lay_in_mailbox(first)
        await play.write(new_address())
        await play.write(first.address, first.contact_id)
        return play


@dataclass(slots=True)
class Play:
    """One sequence. `headers`: of an owner, who may do everything at the doors."""

    stage: Stage
    office: Office
    headers: dict[str, str]
    witness: Witness
    wrongs: list[str] = field(default_factory=list[str])
    written: int = 0
    rule_id: str = ""

    async def write(self, address: str, contact_id: UUID | None = None, *, waits: bool = True) -> Paper:
        """A checked draft in words that no other draft has; it waits for a person, or to be decided about."""
        tenant_id, subject = self.office.tenant_id, self.new_words()
        content = replace(CONTENT, subject=subject, sentences=SENTENCES)
        async with self.office.database.transaction(tenant_id) as session:
            if contact_id is None:
                contact = make_contact(tenant_id, email=address, email_canonical=address)
                session.add(contact)
                await session.flush()
                contact_id = contact.id
            saved = await save(session, tenant_id, make_new_draft(contact_id, to_address=address, content=content))
            await attach_findings(session, tenant_id, saved.draft_id, saved.version, ())
            if waits:
                await set_state(session, tenant_id, saved.draft_id, DraftState.NEEDS_REVIEW)
        paper = Paper(saved.draft_id, contact_id, address, {1: (subject, content.body())})
        self.witness.papers.append(paper)
        return paper

    async def lay_in_mailbox(self, paper: Paper) -> None:
        """What the eleventh step of a run does."""
        parts = self.office.workers[0][0]
        subject, body = paper.words[1]
        mail = OutgoingMail(paper.address, "Ada Byron", SELLER.address, SELLER.name, subject, body)

        async def lay(job: ClaimedJob) -> None:
            wish = MailDraftWish(paper.draft_id, mail)
            request = EffectRequest(f"{paper.draft_id}:mail", CREATE_MAIL_DRAFT.name, wish)
            await (await parts.carrier_of(job)).door.once(request)

        kind = JobKind.PROCESS_FORM_LEAD
        runner = JobRunner(self.office.database, [JobHandler(kind, lay)], retry_delays_seconds=(), lease_seconds=30)
        job = new_job(kind)
        async with self.office.database.transaction(self.office.tenant_id) as session:
            await enqueue(session, self.office.tenant_id, job)
        await runner.run(self.office.tenant_id, job.id)

    def new_words(self) -> str:
        self.written += 1
        return f"The planning tool, {self.written}"

    @property
    def clock(self) -> ShiftedClock:
        """The house's."""
        return ShiftedClock(self.stage.clock_file)

    def move_clock(self, hours: float) -> None:
        self.stage.clock_file.write_text(str(float(self.stage.clock_file.read_text()) + hours * 3600))

    async def post(self, path: str, body: object = None) -> Answer:
        """What the owner posts, and is answered."""
        answer = await self.stage.client.post(path, json=body, headers=self.headers)
        assert answer.status_code < 500, answer.text
        return answer.status_code, answer.json()

    async def post_to(self, paper: Paper, action: str, body: object = None) -> Answer:
        return await self.post(f"/api/operator/drafts/{paper.draft_id}/{action}", body)

    async def in_mailbox(self, command: str, **fields: Any) -> dict[str, Any]:
        """A command to the mailbox, which does not keep the others waiting."""
        return await asyncio.to_thread(lambda: self.office.sandbox.command(command, **fields))

    async def work(self) -> bool:
        """Every worker tries every open send once, whatever it waits for: time passes. Whether there was any."""
        async with self.office.database.transaction(self.office.tenant_id) as session:
            waiting = sa.update(Job).where(Job.state.in_([JobState.DUE, JobState.PARKED]))
            await session.execute(waiting.values(state=JobState.DUE, next_run_at=sa.func.now()))
            found = await session.scalars(sa.select(Job.id).where(Job.state.in_([JobState.DUE, JobState.RUNNING])))
            open_jobs = found.all()
        tenant_id, runners = self.office.tenant_id, [runner for _, runner in self.office.workers]
        async with asyncio.TaskGroup() as group:
            for job_id in open_jobs:
                for runner in runners:
                    group.create_task(runner.run(tenant_id, job_id))
        return bool(open_jobs)

    async def look(self, touched: Sequence[Paper]) -> None:
        """Ask the house how drafts stand on which more than one hand was laid, then judge what has left."""
        for paper in touched:
            answer = await self.stage.client.get(f"/api/operator/drafts/{paper.draft_id}", headers=self.headers)
            if answer.json()["approved_version"] is None:
                self.witness.end_all(paper, time.time())
        sent = await asyncio.to_thread(self.office.sandbox.state, "sent")
        before = len(self.witness.mails)
        self.wrongs += self.witness.judge(sent, self.clock.now())
        self.stage.counted["mails"] += len(self.witness.mails) - before

    async def end(self) -> None:
        """Let the workers finish what was begun, with providers that do as they should."""
        await asyncio.to_thread(self.office.sandbox.withdraw_faults)
        for _ in range(LAST_ROUNDS):
            self.witness.begin_step()
            if not await self.work():
                break
        await self.look([])

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()


def said(answer: Answer, field: str = "state") -> str:
    """An answer in few words."""
    status, body = answer
    return f"{status} {body.get('code') or body.get(field)}"


@asynccontextmanager
async def open_stage(folder: Path, urls: DatabaseUrls, sandbox: SandboxClient, *, workers: int) -> AsyncIterator[Stage]:
    """The stage, with so many workers."""
    clock_file = folder / "clock"
    changes = {
        **LIMITS,
        "auto_approve_enabled": True,
        "operator_approval_required": False,
        "admin_password": SecretStr(PASSWORD),
        "test_clock_file": str(clock_file),
        "approval_timeout_hours": 72.0,
        "provider_timeout_seconds": 0.5,
        "evidence_lag_seconds": 0.05,
        "database_pool_size": 4,
        "log_level": "error",
    }
    anybody, clock = UUID(int=0), ShiftedClock(clock_file)
    async with open_office(folder, urls, sandbox, anybody, workers=workers, clock=clock, **changes) as office:
        settings = office.workers[0][0].container.settings
        async with calling(create_app(settings)) as client:
            yield Stage(office, client, clock_file)
