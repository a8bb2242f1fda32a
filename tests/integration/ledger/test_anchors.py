"""The end of a chain is written down elsewhere whenever it has moved, and what is cut off afterwards is noticed."""

import asyncio
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from sales_agent.kit.db import Database
from sales_agent.ledger.audit.anchor_repository import AnchorRepository
from sales_agent.ledger.audit.anchors import anchors_file, read_anchors
from sales_agent.ledger.audit.export_anchors import export_anchor
from sales_agent.ledger.audit.seal import seal
from sales_agent.ledger.audit.verify import verify
from sales_agent.ledger.audit.walk import Difference
from sales_agent.pipeline.queue.models import Job
from sales_agent.pipeline.queue.schedule import SCHEDULE, tick
from tests.conftest import DatabaseUrls
from tests.factories.ledger import make_audit_event
from tests.factories.store import count_of, store
from tests.integration.ledger.test_the_chain import minutes_ago


async def lengthen(database: Database, tenant_id: UUID, count: int = 3) -> None:
    await store(database, *(make_audit_event(tenant_id, at=minutes_ago(10 - n)) for n in range(count)))
    assert await seal(database.tenant(tenant_id)) == count


async def test_an_end_that_moved_is_written_down_once(database: Database, tenant_id: UUID, tmp_path: Path):
    tenant = database.tenant(tenant_id)
    assert await export_anchor(tenant, tmp_path) is None
    assert not anchors_file(tmp_path, tenant_id).exists()
    written = []
    for _ in range(2):
        await lengthen(database, tenant_id)
        written.append(await export_anchor(tenant, tmp_path))
        assert await export_anchor(tenant, tmp_path) is None
    lines = read_anchors(anchors_file(tmp_path, tenant_id))
    assert [line.anchor for line in lines] == written
    assert [line.anchor.sequence for line in lines] == [3, 6]
    async with tenant.transaction() as session:
        assert await AnchorRepository(session, tenant_id).all() == written
    found = await verify(tenant, [line.anchor for line in lines])
    assert (found.ok, found.anchors) == (True, 2)


async def test_an_end_cut_off_with_everything_the_database_remembers_is_noticed_by_the_file(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID, tmp_path: Path
):
    tenant = database.tenant(tenant_id)
    await lengthen(database, tenant_id, 6)
    await export_anchor(tenant, tmp_path)
    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        owner.execute("delete from audit_event where id in (select id from audit_seal where sequence > 4)")
        owner.execute("delete from audit_seal where sequence > 4")
        owner.execute("delete from audit_anchor")
    assert (await verify(tenant)).ok
    found = await verify(tenant, [line.anchor for line in read_anchors(anchors_file(tmp_path, tenant_id))])
    assert found.broken is not None
    assert (found.sealed_to, found.broken.sequence, found.broken.differs) == (4, 5, Difference.ANCHOR_COUNT)


async def test_a_seal_put_in_before_the_first_link_is_noticed(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    await lengthen(database, tenant_id)
    await store(database, forged := make_audit_event(tenant_id, at=minutes_ago(60)))
    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        owner.execute(
            "insert into audit_seal (tenant_id, id, sequence, previous_hash, hash) values (%s, %s, -7, '', '')",
            (tenant_id, forged.id),
        )
    found = await verify(database.tenant(tenant_id))
    assert found.broken is not None
    assert (found.broken.sequence, found.broken.differs) == (1, Difference.SEQUENCE)


async def test_two_that_export_at_once_write_whole_lines(database: Database, tenant_id: UUID, tmp_path: Path):
    await lengthen(database, tenant_id)
    tenant = database.tenant(tenant_id)
    await asyncio.gather(*(export_anchor(tenant, tmp_path) for _ in range(5)))
    lines = read_anchors(anchors_file(tmp_path, tenant_id))
    assert {line.anchor.sequence for line in lines} == {3}
    assert (await verify(tenant, [line.anchor for line in lines])).ok


async def test_a_folder_that_cannot_be_written_leaves_the_anchor_for_the_next_round(
    database: Database, tenant_id: UUID, tmp_path: Path
):
    await lengthen(database, tenant_id)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="taken"):
        await export_anchor(database.tenant(tenant_id), tmp_path / "taken")
    assert await export_anchor(database.tenant(tenant_id), tmp_path) is not None


async def test_the_schedule_asks_for_tenants_whose_end_has_moved_and_no_others(
    database: Database, tenant_id: UUID, other_tenant_id: UUID, tmp_path: Path
):
    assert "export_anchors" in {entry.name for entry in SCHEDULE}
    assert await tick(database, "export_anchors") == 0
    await lengthen(database, tenant_id)
    assert await tick(database, "export_anchors") == 1
    assert await count_of(database, tenant_id, Job) == 1
    assert await count_of(database, other_tenant_id, Job) == 0
    await export_anchor(database.tenant(tenant_id), tmp_path)
    assert await tick(database, "export_anchors") == 0
