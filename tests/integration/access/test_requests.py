"""A guarded route answers 401 without a good key, 403 without the scope, and knows who calls otherwise."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.dependencies import require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.tenancy.context import present_tenant
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.kit.errors import AppError


@dataclass(frozen=True)
class Container:
    database: Database
    settings: Settings = field(default_factory=lambda: Settings(_env_file=None))


def application(database: Database) -> FastAPI:
    app = FastAPI()
    app.state.container = Container(database)

    @app.get("/drafts")
    async def drafts(caller: Annotated[Principal, Depends(require(Scope.OPERATE))]) -> dict[str, str]:
        return {"actor": caller.actor, "tenant": str(present_tenant())}

    @app.exception_handler(AppError)
    async def problem(_: Request, error: AppError) -> JSONResponse:
        return JSONResponse({"code": error.code()}, status_code=error.status)

    return app


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(application(database))
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def key(database: Database, tenant_id: UUID, scope: Scope) -> str:
    async with database.transaction(tenant_id) as session:
        _, plain = await create_api_key(session, tenant_id, name="ci", scopes={scope})
    return plain


@pytest.mark.parametrize("header", ["bearer", "x-api-key"])
async def test_the_caller_is_known_by_either_header(
    header: str, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    plain = await key(database, tenant_id, Scope.ADMIN)
    headers = {"Authorization": f"Bearer {plain}"} if header == "bearer" else {"X-API-Key": plain}
    answer = await client.get("/drafts", headers=headers)
    assert answer.json() == {"actor": "api_key:ci", "tenant": str(tenant_id)}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "api_key_missing"),
        ({"Authorization": "Basic c2FfeDp5"}, "api_key_missing"),
        ({"Authorization": "Bearer sa_" + "x" * 43}, "api_key_invalid"),
        ({"X-API-Key": "nonsense"}, "api_key_invalid"),
    ],
)
async def test_without_a_good_key_the_answer_is_401(headers: dict[str, str], code: str, client: httpx2.AsyncClient):
    answer = await client.get("/drafts", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"code": code})


@pytest.mark.parametrize("scope", [Scope.READ, Scope.DEMO])
async def test_without_the_scope_the_answer_is_403(
    scope: Scope, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    plain = await key(database, tenant_id, scope)
    answer = await client.get("/drafts", headers={"X-API-Key": plain})
    assert (answer.status_code, answer.json()) == (403, {"code": "scope_missing"})
