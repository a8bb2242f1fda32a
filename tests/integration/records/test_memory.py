"""What is remembered: this tenant's own past leads, by likeness, as structured facts and nothing else."""

import math
from uuid import UUID

import pytest
import sqlalchemy as sa

from sales_agent.agents.long_memory import PastCase
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.records.memory.models import DIMENSIONS
from sales_agent.records.memory.repository import LeadMemoryRepository
from tests.factories.records import make_contact, make_lead_memory
from tests.factories.store import store


def towards(degrees: float) -> list[float]:
    """A vector of length 1 at this angle to the first axis."""
    angle = math.radians(degrees)
    return [math.cos(angle), math.sin(angle)] + [0.0] * (DIMENSIONS - 2)


async def contact_of(database: Database, tenant_id: UUID) -> UUID:
    contact = make_contact(tenant_id)
    await store(database, contact)
    return contact.id


async def nearest(database: Database, tenant_id: UUID, limit: int = 5, **more: UUID) -> tuple[PastCase, ...]:
    async with database.transaction(tenant_id) as session:
        return await LeadMemoryRepository(session, tenant_id).nearest(towards(0), model="m-1", limit=limit, **more)


async def remember(database: Database, tenant_id: UUID, contact_id: UUID, run_id: UUID, **changes: object) -> None:
    facts = {"model": "m-1", "embedding": towards(0), "call_to_action": "meeting", "asset_id": None, "outcome": "open"}
    async with database.transaction(tenant_id) as session:
        await LeadMemoryRepository(session, tenant_id).remember(run_id, contact_id=contact_id, **{**facts, **changes})


async def test_the_most_alike_come_first_with_their_cosine(database: Database, tenant_id: UUID):
    contact_id = await contact_of(database, tenant_id)
    for degrees, outcome in ((90, "lost"), (0, "won"), (60, "replied")):
        await remember(database, tenant_id, contact_id, new_id(), embedding=towards(degrees), outcome=outcome)

    found = await nearest(database, tenant_id, limit=2)

    assert [(case.outcome, round(case.similarity, 5)) for case in found] == [("won", 1.0), ("replied", 0.5)]


async def test_vectors_of_another_model_are_not_compared(database: Database, tenant_id: UUID):
    await remember(database, tenant_id, await contact_of(database, tenant_id), new_id(), model="m-2")

    assert await nearest(database, tenant_id) == ()


async def test_a_run_does_not_find_itself(database: Database, tenant_id: UUID):
    run_id = new_id()
    await remember(database, tenant_id, await contact_of(database, tenant_id), run_id)

    assert await nearest(database, tenant_id, except_run=run_id) == ()
    assert len(await nearest(database, tenant_id)) == 1


async def test_remembering_again_keeps_the_outcome_that_came_in_meanwhile(database: Database, tenant_id: UUID):
    contact_id, run_id = await contact_of(database, tenant_id), new_id()
    await remember(database, tenant_id, contact_id, run_id)

    async with database.transaction(tenant_id) as session:
        await LeadMemoryRepository(session, tenant_id).set_outcome(run_id, "replied")
    await remember(database, tenant_id, contact_id, run_id, call_to_action="demo", asset_id="f-1")

    (case,) = await nearest(database, tenant_id)
    assert (case.call_to_action, case.asset_id, case.outcome) == ("demo", "f-1", "replied")
    assert case.similarity == pytest.approx(1.0)


async def test_a_small_tenant_finds_its_own_among_the_many_nearer_ones_of_another(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    theirs = make_contact(other_tenant_id)
    crowd = [
        make_lead_memory(other_tenant_id, theirs.id, embedding=towards(number / 100), outcome="lost")
        for number in range(300)
    ]
    await store(database, theirs, *crowd)
    contact_id = await contact_of(database, tenant_id)
    await remember(database, tenant_id, contact_id, new_id(), embedding=towards(80), outcome="won")

    async with database.transaction(tenant_id) as session:
        # Small tables are sorted; large ones are walked along the index, which is what is to be shown.
        await session.execute(sa.text("set local enable_sort = off"))
        found = await LeadMemoryRepository(session, tenant_id).nearest(towards(0), model="m-1", limit=5)

    assert [case.outcome for case in found] == ["won"]
