"""An unchanged file is embedded once; a run leaves one task and one note."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from sales_agent.connectors.files.reader import FileEntry
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.records.activities.repository import ActivityRepository
from sales_agent.records.assets.models import DIMENSIONS
from sales_agent.records.assets.repository import AssetRepository
from tests.factories.records import make_contact
from tests.factories.store import store

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
GUIDE = FileEntry(
    id="f-1",
    name="Planning guide",
    mime_type="application/pdf",
    link="https://drive.example/f-1",
    description="How to plan",
    folder_id="d-1",
    modified_at=NOON,
    anyone_with_link=True,
)
VECTOR = [0.6, 0.8] + [0.0] * (DIMENSIONS - 2)


async def test_the_vector_of_an_unchanged_file_is_kept(database: Database, tenant_id: UUID):
    other = replace(GUIDE, id="f-2")

    async with database.transaction(tenant_id) as session:
        assets = AssetRepository(session, tenant_id)
        await assets.save([GUIDE, other], {"f-1": VECTOR}, model="m-1", fetched_at=NOON)
        found = await assets.vectors([GUIDE, other], "m-1")

    assert list(found) == ["f-1"]
    assert found["f-1"] == pytest.approx(VECTOR)


async def test_a_changed_file_or_another_model_needs_a_new_vector(database: Database, tenant_id: UUID):
    changed = replace(GUIDE, name="New guide", modified_at=NOON + dt.timedelta(seconds=1))

    async with database.transaction(tenant_id) as session:
        assets = AssetRepository(session, tenant_id)
        await assets.save([GUIDE], {"f-1": VECTOR}, model="m-1", fetched_at=NOON)
        assert await assets.vectors([changed], "m-1") == {}
        assert await assets.vectors([GUIDE], "m-2") == {}
        await assets.save([changed], {"f-1": VECTOR}, model="m-1", fetched_at=NOON)
        assert set(await assets.vectors([changed], "m-1")) == {"f-1"}
        assert await assets.vectors([GUIDE], "m-1") == {}


async def test_nothing_listed_is_nothing_kept(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        assets = AssetRepository(session, tenant_id)
        await assets.save([], {}, model="m-1", fetched_at=NOON)
        assert await assets.vectors([], "m-1") == {}


async def test_a_run_has_one_task_and_one_note_and_keeps_their_crm_ids(database: Database, tenant_id: UUID):
    contact = make_contact(tenant_id)
    await store(database, contact)
    run_id, task_effect, note_effect = new_id(), new_id(), new_id()

    async with database.transaction(tenant_id) as session:
        activities = ActivityRepository(session, tenant_id)
        wish = {"contact_id": contact.id, "effect_id": task_effect, "due_at": NOON}
        first = await activities.upsert_task(run_id, subject="Call", **wish)
        await activities.set_task_crm_id(task_effect, "t-1")
        again = await activities.upsert_task(run_id, subject="Call back", **wish)
        note = await activities.upsert_note(run_id, contact_id=contact.id, effect_id=note_effect, body="Found\x00 it.")
        await activities.set_note_crm_id(note_effect, "n-1")

    assert (again.id, again.subject, again.crm_id) == (first.id, "Call back", "t-1")
    async with database.transaction(tenant_id) as session:
        activities = ActivityRepository(session, tenant_id)
        task, kept = await activities.task_of_run(run_id), await activities.note_of_run(run_id)
    assert task is not None
    assert kept is not None
    assert (task.id, kept.id) == (first.id, note.id)
    assert (task.crm_id, kept.crm_id, kept.body) == ("t-1", "n-1", "Found it.")
