"""A stop takes every queued draft of its tenant out of the line, each on record, and no other."""

import asyncio
from uuid import UUID

import sqlalchemy as sa

from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.drafting.cancel import cancel_queued
from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.models import Draft, DraftState
from tests.factories.pipeline import make_draft
from tests.factories.records import make_contact
from tests.factories.store import store


async def drafts_in(database: Database, tenant_id: UUID) -> dict[str, str | None]:
    async with database.transaction(tenant_id) as session:
        return {draft.state: draft.state_reason for draft in await session.scalars(sa.select(Draft))}


async def cancel(database: Database, tenant_id: UUID) -> int:
    async with database.transaction(tenant_id) as session:
        return await cancel_queued(session, tenant_id, because="stopped: drill", actor="user:mara")


async def test_what_is_queued_is_cancelled_with_the_reason_and_nothing_else_is(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    for tenant in (tenant_id, other_tenant_id):
        contact = make_contact(tenant)
        drafts = [make_draft(tenant, contact.id, state=state) for state in DraftState if state != DraftState.CANCELLED]
        await store(database, contact, *drafts)
    before = await drafts_in(database, other_tenant_id)
    assert await cancel(database, tenant_id) == 1
    assert await drafts_in(database, other_tenant_id) == before
    assert await drafts_in(database, tenant_id) == {
        **{state: None for state in before if state != "queued"},
        "cancelled": "stopped: drill",
    }
    async with database.transaction(tenant_id) as session:
        (event,) = await session.scalars(sa.select(AuditEvent))
    assert (event.action, event.actor, event.facts["before"]) == ("draft.cancelled", "user:mara", "queued")
    assert await cancel(database, tenant_id) == 0


async def test_a_draft_that_a_sender_is_claiming_stays_with_it_and_no_other_comes_within_its_reach(
    database: Database, tenant_id: UUID
):
    contact = make_contact(tenant_id)
    first, *others = (make_draft(tenant_id, contact.id, state="queued") for _ in range(3))
    await store(database, contact, first, *others)
    async with database.transaction(tenant_id) as session:
        await set_state(session, tenant_id, first.id, DraftState.SENDING)
        stops = await asyncio.gather(*(cancel(database, tenant_id) for _ in range(2)))
    assert sum(stops) == 2
    assert await drafts_in(database, tenant_id) == {"sending": None, "cancelled": "stopped: drill"}
