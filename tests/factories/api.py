"""The real application over the test's own database, and keys to its doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx2
from fastapi import FastAPI

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import Scope
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.main import create_app


@asynccontextmanager
async def serving(database_url: str, data_dir: Path, **changes: object) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application, which runs in this process; `changes` are settings."""
    app = create_app(api_settings(database_url, data_dir, **changes))
    async with calling(app) as client:
        yield client


def api_settings(database_url: str, data_dir: Path, **changes: object) -> Settings:
    """What an application needs to know in a test; nothing is read from the environment's file."""
    known = {"database_url": database_url, "data_dir": data_dir, "database_pool_size": 4}
    return Settings(_env_file=None, **{**known, **changes})


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application that a test has made itself."""
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client


async def headers_for(database: Database, tenant_id: UUID, scope: Scope) -> dict[str, str]:
    """The headers of a caller with this scope."""
    async with database.transaction(tenant_id) as session:
        _, plain = await create_api_key(session, tenant_id, name="mara", scopes={scope})
    return {"Authorization": f"Bearer {plain}"}
