"""A tenant that may really send, with workers that carry its sends to the sandbox's mailbox."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.workers import WorkerParts, build_worker_parts
from sales_agent.config import Settings
from sales_agent.content import CallToAction, DraftContent, Sentence, SentenceType
from sales_agent.kit.clock import Clock, SystemClock
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.approvals import grant
from sales_agent.pipeline.approval.fingerprint import stored_world
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.modes import disable
from sales_agent.pipeline.approval.outgoing import queue_send
from sales_agent.pipeline.drafting.create import attach_findings, save, set_state
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.job import JobRunner
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import Job
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from sales_agent.pipeline.sending.models import Send
from sales_agent.pipeline.sending.remember import remember_world
from sales_agent.pipeline.sending.repository import SendRepository
from sales_agent.sandbox.client import SandboxClient
from sales_agent.worker import handlers
from tests.acceptance.tenants import make_settings
from tests.conftest import DatabaseUrls
from tests.factories.drafting import make_new_draft, stored_contact
from tests.factories.pipeline import make_rule

OPERATOR = "user:0198c0de-0000-7000-8000-000000000001"

CONTENT = DraftContent(
    subject="Prices of the planning tool",
    sentences=(
        Sentence(SentenceType.GREETING, "Hi Ada,"),
        Sentence(SentenceType.QUESTION, "How many of you would plan with it?", (), 1),
        Sentence(SentenceType.SIGN_OFF, "Best regards,\nMara", (), 2),
    ),
    evidence=(),
    call_to_action=CallToAction.NONE,
)

# Everything open, any hour, nothing to wait for: a test closes what it is about.
OPEN: dict[str, object] = {
    "draft_only": False,
    "allow_real_sends": True,
    "public_url": "http://127.0.0.1:8000",
    "seller_postal_address": "Brightpath GmbH\nHauptstraße 1\n10115 Berlin",
    "sending_hours": "00:00-23:59",
    "sending_days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "send_spacing_seconds": 0.0,
    "max_emails_per_day": 1000,
    "max_emails_per_week": 1000,
    "max_emails_per_contact_per_week": 1000,
    "undo_seconds": 0.0,
    "evidence_lag_seconds": 0.05,
    "lease_seconds": 30.0,
    "provider_timeout_seconds": 1.0,
}


@dataclass
class FixedClock:
    """Tells what it is told to."""

    moment: dt.datetime

    def now(self) -> dt.datetime:
        return self.moment


@dataclass
class Office:
    """One tenant's drafts on their way out. `workers` carry; `open_office` makes and closes them."""

    database: Database
    tenant_id: UUID
    sandbox: SandboxClient
    workers: list[tuple[WorkerParts, JobRunner]] = field(default_factory=list)

    async def draft(self, address: str = "ada@fabrikam.example", **changes: Any) -> UUID:
        """A checked draft that waits for a person."""
        state = changes.pop("state", DraftState.NEEDS_REVIEW)
        contact_id = changes.pop("contact_id", None) or await stored_contact(
            self.database, self.tenant_id, email=address, email_canonical=address
        )
        new = make_new_draft(contact_id, to_address=address, **{"content": CONTENT, **changes})
        async with self.database.transaction(self.tenant_id) as session:
            saved = await save(session, self.tenant_id, new)
            await attach_findings(session, self.tenant_id, saved.draft_id, saved.version, ())
            await set_state(session, self.tenant_id, saved.draft_id, state)
        return saved.draft_id

    async def approve(self, draft_id: UUID, *, sends: bool = True) -> None:
        """What an operator does who approves, and sends without a time to take it back."""
        async with self.database.transaction(self.tenant_id) as session:
            found = await DraftRepository(session, self.tenant_id).get(draft_id)
            assert found is not None
            world = await stored_world(session, self.tenant_id, *found)
            await set_state(session, self.tenant_id, draft_id, DraftState.APPROVED, actor=OPERATOR)
            await grant(session, self.tenant_id, *found, actor=OPERATOR, world=world)
            if sends:
                await queue_send(session, self.tenant_id, draft_id, actor=OPERATOR, delay_seconds=0)

    async def approve_again(self, draft_id: UUID) -> None:
        """What an operator does who has read what is new in a held draft."""
        async with self.database.transaction(self.tenant_id) as session:
            await set_state(session, self.tenant_id, draft_id, DraftState.NEEDS_REVIEW, actor=OPERATOR)
        await self.approve(draft_id)

    async def audit(self, action: str) -> Sequence[AuditEvent]:
        async with self.database.transaction(self.tenant_id) as session:
            return (await session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action))).all()

    async def send_again(self, draft_id: UUID) -> None:
        """What an operator does with a held draft."""
        async with self.database.transaction(self.tenant_id) as session:
            await queue_send(session, self.tenant_id, draft_id, actor=OPERATOR, delay_seconds=0)

    async def approved(self, address: str = "ada@fabrikam.example", **changes: Any) -> UUID:
        """A draft that was approved and queued."""
        draft_id = await self.draft(address, **changes)
        await self.approve(draft_id)
        return draft_id

    async def read_mailbox_again(self, draft_id: UUID) -> None:
        """What was read of the lead's threads and contact is as it is now."""
        worker = self.workers[0][0]
        carrier = await worker.carrier_of(self.reading())
        draft = await self.row(draft_id)
        await remember_world(carrier.db, carrier.readers, draft, worker.container.clock)

    def reading(self) -> ClaimedJob:
        """A claim for what only reads."""
        return claimed_by_nobody(self.tenant_id)

    async def work(self, *, within: float = 20.0) -> None:
        """Let every worker take what is due, until no send is open that does not wait for another day."""
        async with asyncio.timeout(within):
            while jobs := await self._open_jobs():
                await asyncio.gather(
                    *(runner.run(self.tenant_id, job_id) for _, runner in self.workers for job_id in jobs)
                )
                await asyncio.sleep(0.02)

    async def work_once(self) -> None:
        """One attempt at each open send by the first worker."""
        for job_id in await self._open_jobs():
            await self.workers[0][1].run(self.tenant_id, job_id)

    async def work_on(self, draft_id: UUID) -> None:
        """One attempt at the send of one draft."""
        async with self.database.transaction(self.tenant_id) as session:
            jobs = await session.scalars(
                sa.select(Job.id).where(Job.subject_id == draft_id, Job.state.in_(["due", "handed"]))
            )
            ids = jobs.all()
        for job_id in ids:
            await self.workers[0][1].run(self.tenant_id, job_id)

    async def make_due(self) -> None:
        """Every job that waits for its time, or is parked, has come to it."""
        async with self.database.transaction(self.tenant_id) as session:
            await session.execute(
                sa.update(Job)
                .where(Job.tenant_id == self.tenant_id, Job.state.in_(["due", "parked"]))
                .values(state="due", next_run_at=sa.func.now())
            )

    async def let_go_by_a_rule(self, address: str) -> UUID:
        """A draft that a rule approved, queued as the last step of its run does it."""
        draft_id = await self.draft(address, state=DraftState.AUTO_APPROVED)
        rule = make_rule(self.tenant_id, mode="on")
        async with self.database.transaction(self.tenant_id) as session:
            session.add(rule)
            await session.flush()
            found = await DraftRepository(session, self.tenant_id).get(draft_id)
            assert found is not None
            world = await stored_world(session, self.tenant_id, *found)
            let_go = {"rule_type": rule.rule_type, "rule_version": 1}
            await grant(session, self.tenant_id, *found, actor=f"rule:{rule.rule_type}", world=world, **let_go)
            await queue_send(session, self.tenant_id, draft_id, actor=SYSTEM, delay_seconds=0)
        return draft_id

    async def disable_rules(self) -> None:
        async with self.database.transaction(self.tenant_id) as session:
            rules = await session.scalars(sa.select(AutoApprovalRule))
            for rule in rules.all():
                await disable(session, self.tenant_id, rule.id, actor="user:admin")

    async def run(self, kind: JobKind) -> None:
        """What a job of the schedule does."""
        async with self.database.transaction(self.tenant_id) as session:
            job = new_job(kind)
            await enqueue(session, self.tenant_id, job)
        await self.workers[0][1].run(self.tenant_id, job.id)

    async def state(self, draft_id: UUID) -> str:
        return (await self.row(draft_id)).state

    async def held_of(self, drafts: Sequence[UUID]) -> list[UUID]:
        return [draft for draft in drafts if await self.state(draft) == "held"]

    async def row(self, draft_id: UUID) -> Draft:
        async with self.database.transaction(self.tenant_id) as session:
            found = await DraftRepository(session, self.tenant_id).get(draft_id)
        assert found is not None
        return found[0]

    async def send(self, draft_id: UUID) -> Send:
        async with self.database.transaction(self.tenant_id) as session:
            send = await SendRepository(session, self.tenant_id).newest(draft_id)
        assert send is not None
        return send

    def copies(self, address: str = "ada@fabrikam.example") -> list[dict[str, Any]]:
        """The mails to an address that really left, as the sandbox has them."""
        return [mail for mail in self.sandbox.state("sent") if address in str(mail["to"])]

    async def _open_jobs(self) -> Sequence[UUID]:
        async with self.database.transaction(self.tenant_id) as session:
            rows = await session.scalars(
                sa.select(Job.id).where(
                    Job.kind == JobKind.SEND_DRAFT, Job.state.in_(["due", "handed", "running", "parked"])
                )
            )
            return rows.all()


@asynccontextmanager
async def open_office(
    folder: Path,
    urls: DatabaseUrls,
    sandbox: SandboxClient,
    tenant_id: UUID,
    *,
    workers: int = 1,
    clock: Clock | None = None,
    **changes: object,
) -> AsyncIterator[Office]:
    """An office with so many workers, each with connections of its own."""
    settings: Settings = make_settings(folder, sandbox, database_url=urls.app, **{**OPEN, **changes})
    containers = [
        replace(build_container(settings, wait_seconds=15), clock=clock or SystemClock()) for _ in range(workers)
    ]
    parts = [build_worker_parts(container) for container in containers]
    runners = [
        JobRunner(
            part.container.database,
            handlers(part),
            retry_delays_seconds=(0.1, 0.2, 0.4),
            lease_seconds=settings.lease_seconds,
        )
        for part in parts
    ]
    office = Office(containers[0].database, tenant_id, sandbox, list(zip(parts, runners, strict=True)))
    try:
        yield office
    finally:
        for part in parts:
            await part.close()


def claimed_by_nobody(tenant_id: UUID) -> ClaimedJob:
    """A claim for what only reads."""
    return ClaimedJob(tenant_id, new_id(), JobKind.WATCH_MAILBOX, None, 0, 0, 0, "", 0.0, SystemClock().now())


def new_address(domain: str = "fabrikam.example") -> str:
    return f"lead.{new_id().hex}@{domain}"
