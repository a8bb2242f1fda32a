"""Whatever a door of the API changes leaves an event in the audit trail; a new door has to be listed to be shown."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from sales_agent.access.auth.principal import Scope
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.main import create_app
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.operating import SELLER
from tests.factories.store import count_of
from tests.integration.api.changing_doors import CALLS, NO_CALL, PASSWORD, Place

READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
async def place(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[Place]:
    allowed = {"allow_crm_writes": "true"}
    async with serving(database_urls.app, data_dir, admin_password=PASSWORD, **allowed, **SELLER) as client:
        yield Place(client, database, tenant_id, await headers_for(database, tenant_id, Scope.OWNER))


def test_every_door_that_may_change_something_is_listed_once():
    routes = iter_route_contexts(create_app(Settings(_env_file=None)).routes)
    doors = {(method, route.path) for route in routes for method in route.methods or () if method not in READING}
    assert set(CALLS).isdisjoint(NO_CALL)
    assert doors == set(CALLS) | set(NO_CALL)


@pytest.mark.parametrize("door", CALLS, ids=" ".join)
async def test_what_a_door_changes_is_in_the_audit_trail(door: tuple[str, str], place: Place):
    method, path = door
    call = CALLS[door]
    ids = await call.prepare(place)
    before = await count_of(place.database, place.tenant_id, AuditEvent)

    headers = place.owner if call.headers is None else call.headers(ids)
    answer = await send(place.client, method, path.format(**ids), call.sent(ids), headers)

    assert answer.is_success, answer.text
    assert await count_of(place.database, place.tenant_id, AuditEvent) > before


async def send(client: httpx2.AsyncClient, method: str, path: str, body: object, headers: object) -> httpx2.Response:
    content = {"content": body} if isinstance(body, str) else {"json": body}
    return await client.request(method, path, headers=headers, **content)
