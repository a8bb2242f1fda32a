"""Held writes from the command line: listed, and asked for as they were shown."""

import datetime as dt
import io
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console

from sales_agent.bootstrap.held import list_effects, release_effects, show_effects
from sales_agent.config import Settings
from sales_agent.console.held.forbidding import ReleaseForbidden
from sales_agent.effects.held import ReviewOutdated
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import api_settings
from tests.factories.effects import make_effect
from tests.factories.store import store


@pytest.fixture
def settings(database_urls: DatabaseUrls, data_dir: Path) -> Settings:
    return api_settings(database_urls.app, data_dir, allow_crm_writes="true")


@pytest.fixture
async def effect(database: Database) -> Effect:
    tenant_id = await store(database, make_tenant(slug="northwind"))
    held = make_effect(tenant_id, kind="crm.create_task", status="held", held_because="ALLOW_CRM_WRITES is off")
    held.expires_at = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    await store(database, held)
    return held


async def listed(settings: Settings, status: EffectStatus = EffectStatus.HELD) -> list:
    return (await list_effects(settings, slug="northwind", status=status)).items


async def test_what_is_held_is_listed_with_its_way_out(settings: Settings, effect: Effect):
    out = io.StringIO()
    show_effects(Console(file=out, width=300), await listed(settings))
    assert str(effect.id) in out.getvalue()
    assert "nothing forbids it any more" in out.getvalue()
    assert await listed(settings, EffectStatus.REFUSED) == []


async def test_what_was_shown_is_asked_for(settings: Settings, effect: Effect):
    assert isinstance(await release_effects(settings, slug="northwind", items=await listed(settings)), UUID)
    (item,) = await listed(settings)
    assert item.release is not None
    assert (item.release.requested_by, item.release.ended_at) == ("command_line", None)


async def test_what_its_switch_forbids_is_not(
    settings: Settings, effect: Effect, database_urls: DatabaseUrls, data_dir: Path
):
    careful = api_settings(database_urls.app, data_dir)
    items = await listed(settings)
    with pytest.raises(ReleaseForbidden, match="Turn ALLOW_CRM_WRITES on, then release it"):
        await release_effects(careful, slug="northwind", items=items)
    (item,) = await listed(careful)
    assert (item.is_releasable, item.forbidden_because) == (False, "ALLOW_CRM_WRITES is off")


async def test_what_changed_since_is_not(settings: Settings, effect: Effect, database: Database):
    items = await listed(settings)
    async with database.transaction(effect.tenant_id) as session:
        again = await session.get(Effect, (effect.tenant_id, effect.id))
        assert again is not None
        again.payload = {"subject": "Something else"}
        await session.flush()
    with pytest.raises(ReviewOutdated):
        await release_effects(settings, slug="northwind", items=items)
