"""The application in this process, and callers with every scope."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving


@dataclass(frozen=True, slots=True)
class Callers:
    """Headers of one tenant's callers, and of a stranger: an admin of another tenant."""

    read: Mapping[str, str]
    operate: Mapping[str, str]
    demo: Mapping[str, str]
    stranger: Mapping[str, str]


@pytest.fixture
async def callers(database: Database, tenant_id: UUID, other_tenant_id: UUID) -> Callers:
    return Callers(
        read=await headers_for(database, tenant_id, Scope.READ),
        operate=await headers_for(database, tenant_id, Scope.OPERATE),
        demo=await headers_for(database, tenant_id, Scope.DEMO),
        stranger=await headers_for(database, other_tenant_id, Scope.ADMIN),
    )


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Nobody in particular."""
    async with serving(database_urls.app, data_dir) as client:
        yield client
