"""The audit trail from the command line: exported, and verified where it lies, with the anchors kept here."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from sales_agent.bootstrap.audit import export_trail, verify_trail
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.setup import TenantUnknown
from sales_agent.bootstrap.workers import build_worker_parts
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.anchors import anchors_file
from sales_agent.ledger.audit.seal import seal
from sales_agent.ledger.audit.verify_export import verify_export
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import api_settings
from tests.factories.ledger import make_audit_event
from tests.factories.store import store
from tests.integration.ledger.test_the_chain import minutes_ago


@pytest.fixture
async def northwind(database: Database) -> UUID:
    """A tenant with six sealed events."""
    tenant_id = await store(database, make_tenant(slug="northwind"))
    await store(database, *(make_audit_event(tenant_id, at=minutes_ago(10 - n)) for n in range(6)))
    await seal(database.tenant(tenant_id))
    return tenant_id


@pytest.fixture
def settings(database_urls: DatabaseUrls, data_dir: Path) -> Settings:
    return api_settings(database_urls.app, data_dir)


async def test_an_export_holds_all_that_is_sealed_and_proves_itself(
    settings: Settings, northwind: UUID, tmp_path: Path
):
    told: list[int] = []
    file = tmp_path / "audit.jsonl"
    with file.open("x", encoding="utf-8") as out:
        head = await export_trail(settings, slug="northwind", out=out, progress=told.append)
    checked = verify_export(file)
    assert (checked.tenant_id, checked.found.ok, checked.found.sealed_to) == (northwind, True, 6)
    assert checked.found.head == head.head
    assert told[-1] == 6


async def test_the_job_of_the_worker_writes_the_anchor_that_the_verification_reads(
    settings: Settings, northwind: UUID, database_urls: DatabaseUrls
):
    parts = build_worker_parts(build_container(settings))
    await parts.anchor(northwind)
    await parts.transport.close()
    await parts.container.close()
    assert anchors_file(settings.data_dir / "anchors", northwind).exists()

    _, whole = await verify_trail(settings, slug="northwind", given=[], progress=lambda _: None)
    assert (whole.ok, whole.anchors) == (True, 1)

    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("select set_config('app.tenant_id', %s, true)", (str(northwind),))
        owner.execute("delete from audit_event where id in (select id from audit_seal where sequence > 4)")
        owner.execute("delete from audit_seal where sequence > 4")
        owner.execute("delete from audit_anchor")
    _, cut = await verify_trail(settings, slug="northwind", given=[], progress=lambda _: None)
    assert cut.broken is not None
    assert (cut.sealed_to, cut.broken.sequence) == (4, 5)


def test_anchors_go_where_the_setting_says(database_urls: DatabaseUrls, data_dir: Path, tmp_path: Path):
    elsewhere = api_settings(database_urls.app, data_dir, anchor_dir=str(tmp_path / "share"))
    assert elsewhere.anchors_folder == tmp_path / "share"


async def test_an_unknown_tenant_is_told(settings: Settings):
    with pytest.raises(TenantUnknown):
        await verify_trail(settings, slug="nobody", given=[], progress=lambda _: None)
