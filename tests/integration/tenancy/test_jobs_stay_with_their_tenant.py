"""A job works for its tenant alone: another's rows are the same to the byte, whatever both have lying about."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from sales_agent.effects.models import Effect
from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.faults import FaultKind
from tests.conftest import DatabaseUrls
from tests.factories.everything import one_row_each
from tests.factories.ledger import make_audit_event
from tests.factories.store import store
from tests.integration.sending.house import House, next_door, open_house
from tests.integration.sending.office import FixedClock, new_address
from tests.integration.tenancy.arguments import marked
from tests.integration.tenancy.test_rows_of_another_tenant import snapshot

WEDNESDAY = dt.datetime(2027, 1, 13, 10, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(WEDNESDAY)


@pytest.fixture
async def house(
    tmp_path: Path, database_urls: DatabaseUrls, sandbox: SandboxClient, clock: FixedClock
) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_urls, sandbox, clock=clock, allow_crm_writes=True) as opened:
        yield opened


async def a_form(house: House) -> None:
    await house.post_form(new_address())


async def a_wish_for_other_words(house: House) -> None:
    address = new_address()
    await house.form_from(address)
    draft = await house.draft_to(address)
    asked = await house.client.post(f"/api/operator/drafts/{draft.id}/regenerate", headers=house.owner)
    assert asked.status_code == 200, asked.text


async def an_event(house: House) -> None:
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    await store(house.office.database, make_audit_event(house.office.tenant_id, at=long_ago))


async def a_sealed_event(house: House) -> None:
    await an_event(house)
    await house.office.run(JobKind.SEAL_AUDIT)


async def an_answer_lost_long_ago(house: House) -> None:
    house.office.sandbox.fault(FaultKind.ACT_THEN_STATUS, path="drafts/send", status=500, times=1)
    draft_id = await house.office.approved(new_address())
    await house.office.work_once()
    assert await house.office.state(draft_id) == "unknown"
    async with house.office.database.transaction(house.office.tenant_id) as session:
        earlier = Effect.intended_at - sa.func.make_interval(0, 0, 0, 0, 1)
        await session.execute(sa.update(Effect).where(Effect.status == "unknown").values(intended_at=earlier))


async def an_approved_draft(house: House) -> None:
    await house.office.approved(new_address())


async def a_mail_held_until_now(house: House) -> None:
    await house.set(sending_hours="12:00-13:00")  # the seller's, an hour ahead of UTC: they begin in an hour
    draft_id = await house.office.approved(new_address())
    await house.carry(JobKind.SEND_DRAFT)
    assert (await house.office.send(draft_id)).gate == "sending_hours"
    await house.set(sending_hours="00:00-23:59")


async def a_draft_changed_in_the_mailbox(house: House) -> None:
    address = new_address()
    await house.office.approved(address)
    house.office.sandbox.fault(FaultKind.STATUS, path="drafts/send", status=429, times=1)
    await house.carry(JobKind.SEND_DRAFT)
    await house.client.post(f"/api/operator/drafts/{(await house.draft_to(address)).id}/undo", headers=house.owner)
    lying = (await house.draft_to(address)).mail_draft_id
    house.office.sandbox.command("gmail/ui-edit-draft", draft_id=lying, text="We give 90 % off.")


async def a_draft_that_nobody_decides_about(house: House) -> None:
    await house.office.draft(new_address())
    await house.office.run(JobKind.TIDY_DRAFTS)  # notes since when it waits


async def a_held_write_that_is_released(house: House) -> None:
    await house.set(allow_crm_writes=False)
    await house.form_from(new_address())
    await house.set(allow_crm_writes=True)
    held = await house.client.get("/api/effects", params={"status": "held"}, headers=house.owner)
    effect_id = held.json()["items"][-1]["id"]
    asked = await house.client.post(f"/api/effects/{effect_id}/release", headers=house.owner)
    assert asked.status_code == 202, asked.text


# What a job of each kind finds to do, in both tenants; and how long after that it is carried, by the house's clock.
FOUND: dict[JobKind, tuple[Callable[[House], Awaitable[None]], dt.timedelta]] = {
    JobKind.PROCESS_FORM_LEAD: (a_form, dt.timedelta()),
    JobKind.REWRITE_DRAFT: (a_wish_for_other_words, dt.timedelta()),
    JobKind.SEAL_AUDIT: (an_event, dt.timedelta()),
    JobKind.EXPORT_ANCHORS: (a_sealed_event, dt.timedelta()),
    JobKind.SETTLE_EFFECTS: (an_answer_lost_long_ago, dt.timedelta()),
    JobKind.SEND_DRAFT: (an_approved_draft, dt.timedelta()),
    JobKind.RELEASE_HELD: (a_mail_held_until_now, dt.timedelta(hours=2)),
    JobKind.WATCH_MAILBOX: (a_draft_changed_in_the_mailbox, dt.timedelta()),
    JobKind.TIDY_DRAFTS: (a_draft_that_nobody_decides_about, dt.timedelta(days=4)),
    JobKind.RELEASE_EFFECTS: (a_held_write_that_is_released, dt.timedelta()),
}


def test_every_kind_of_job_is_tried():
    assert set(FOUND) == set(JobKind)


@pytest.mark.parametrize("kind", FOUND)
async def test_a_job_changes_nothing_of_another_tenant(
    house: House, clock: FixedClock, database_urls: DatabaseUrls, other_tenant_id: UUID, kind: JobKind
):
    neighbour = await next_door(house)
    await store(house.office.database, *marked(one_row_each(other_tenant_id)))
    prepare, later = FOUND[kind]
    for both in (neighbour, house):
        await prepare(both)
    clock.moment += later
    others = (neighbour.office.tenant_id, other_tenant_id)
    before = [snapshot(database_urls, tenant_id) for tenant_id in (*others, house.office.tenant_id)]

    if not await house.carry(kind):
        await house.office.run(kind)

    after = [snapshot(database_urls, tenant_id) for tenant_id in (*others, house.office.tenant_id)]
    assert after[:2] == before[:2]
    changed = {table for table in before[2] if before[2][table] != after[2][table]}
    assert changed > {"job"}, "it had something to do"


@pytest.mark.parametrize("kind", [JobKind.SEND_DRAFT, JobKind.REWRITE_DRAFT, JobKind.PROCESS_FORM_LEAD])
async def test_a_job_about_what_belongs_to_another_tenant_does_nothing(
    house: House, database_urls: DatabaseUrls, kind: JobKind
):
    neighbour = await next_door(house)
    prepare, _ = FOUND[kind]
    await prepare(house)
    subject_id = await only_subject(house.office.database, house.office.tenant_id, kind)
    before, sent = snapshot(database_urls, house.office.tenant_id), house.office.sandbox.state("sent")
    drafts = house.office.sandbox.state("drafts")

    async with house.office.database.transaction(neighbour.office.tenant_id) as session:
        await enqueue(session, neighbour.office.tenant_id, new_job(kind, subject_id=subject_id))
    assert await neighbour.carry(kind) == 1

    assert snapshot(database_urls, house.office.tenant_id) == before
    assert (house.office.sandbox.state("sent"), house.office.sandbox.state("drafts")) == (sent, drafts)


async def only_subject(database: Database, tenant_id: UUID, kind: JobKind) -> UUID:
    """What the tenant's own job of this kind is about."""
    async with database.transaction(tenant_id) as session:
        found = await session.scalars(sa.text("select subject_id from job where kind = :kind").bindparams(kind=kind))
    return found.one()
