"""The application with a password of its own, and its callers."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.integration.api.conftest import callers
from tests.integration.kill_switch.seen import PASSWORD

__all__ = ["callers"]


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """An installation without a Redis, which a stop must do without."""
    dead = "redis://127.0.0.1:1/0"
    async with serving(database_urls.app, data_dir, admin_password=PASSWORD, redis_url=dead) as client:
        yield client


@pytest.fixture
async def admin(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.ADMIN)
