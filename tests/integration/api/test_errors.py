"""Whatever goes wrong, the answer has one shape, says no more than it should, and can be found in the logs."""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.main import create_app
from tests.conftest import DatabaseUrls
from tests.factories.api import api_settings, calling, headers_for, serving
from tests.integration.api.conftest import Callers

PROBLEM = "application/problem+json"


def is_problem(answer: httpx2.Response) -> dict[str, Any]:
    """The body, after a look at what every problem has."""
    body = answer.json()
    assert answer.headers["content-type"] == PROBLEM
    assert body["status"] == answer.status_code
    assert {"type", "title", "code", "request_id"} <= set(body)
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


async def test_a_path_that_is_not_there(client: httpx2.AsyncClient):
    assert is_problem(await client.get("/api/nothing"))["code"] == "not_found"


async def test_a_method_that_a_path_does_not_take(client: httpx2.AsyncClient):
    answer = await client.put("/health")

    assert is_problem(answer)["code"] == "method_not_allowed"
    assert "GET" in answer.headers["allow"]


async def test_no_credential(client: httpx2.AsyncClient):
    answer = await client.get("/api/workflows")

    assert is_problem(answer)["code"] == "api_key_missing"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_request_of_the_wrong_shape_is_not_repeated_in_the_answer(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.get("/api/workflows/not-an-id-but-a-secret", headers=callers.read)

    body = is_problem(answer)
    assert (answer.status_code, body["code"]) == (422, "request_invalid")
    assert body["context"]["errors"][0]["at"] == ["path", "workflow_id"]
    assert "secret" not in answer.text


async def test_a_body_that_is_no_json(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.post(
        "/api/workflows/01a1fd33-7d38-7a59-a674-69d7333722a4/rerun",
        content=b"{",
        headers={**callers.operate, "content-type": "application/json"},
    )

    assert is_problem(answer)["code"] == "request_invalid"


async def test_a_body_beyond_the_limit(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.post(
        "/api/workflows/01a1fd33-7d38-7a59-a674-69d7333722a4/rerun",
        content=b'{"from_step": "' + b"a" * 2_000_000 + b'"}',
        headers={**callers.operate, "content-type": "application/json"},
    )

    assert answer.status_code == 413


@pytest.mark.parametrize("forged", ['["2026-11-21T00:00:00+00:00", 5]', "[" * 40_000, '{"at": 1, "id": 2}'])
async def test_a_cursor_we_never_gave_out(client: httpx2.AsyncClient, callers: Callers, forged: str):
    cursor = base64.urlsafe_b64encode(forged.encode()).decode().rstrip("=")

    answer = await client.get("/api/workflows", params={"cursor": cursor}, headers=callers.read)

    assert is_problem(answer)["code"] == "cursor_invalid"


@pytest.mark.parametrize("path", ["/api/async/failed-tasks", "/api/admin/approved-recipients"])
async def test_an_offset_beyond_every_row(client: httpx2.AsyncClient, callers: Callers, path: str):
    answer = await client.get(path, params={"offset": 1 << 64}, headers=callers.read)

    assert is_problem(answer)["code"] == "request_invalid"


async def test_a_database_that_is_away_asks_the_caller_to_come_again(data_dir: Path):
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    async with serving(nowhere, data_dir) as client:
        answer = await client.get("/api/workflows", headers={"X-API-Key": "sa_" + "a" * 43})

    assert is_problem(answer)["code"] == "database_unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert "127.0.0.1" not in answer.text


async def test_a_bug_is_answered_with_the_id_that_finds_it(
    database_urls: DatabaseUrls, data_dir: Path, capfd: pytest.CaptureFixture[str]
):
    app = create_app(api_settings(database_urls.app, data_dir))

    async def broken() -> None:
        raise KeyError("an inner detail")

    app.add_api_route("/broken", broken)
    async with calling(app) as client:
        answer = await client.get("/broken", headers={"X-Request-ID": "find-me"})

    body = is_problem(answer)
    assert (answer.status_code, body["code"], body["request_id"]) == (500, "unexpected_error", "find-me")
    assert "inner detail" not in answer.text
    logged = capfd.readouterr().err
    assert "http.failed" in logged
    assert "an inner detail" in logged


async def test_even_an_error_carries_the_careful_headers(client: httpx2.AsyncClient):
    answer = await client.get("/api/nothing")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "traceresponse" in answer.headers


async def test_the_page_that_describes_the_api_names_every_door_and_needs_no_script(client: httpx2.AsyncClient):
    page, description = await client.get("/docs"), await client.get("/openapi.json")

    assert page.status_code == 200
    assert "script" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    for path in description.json()["paths"]:
        assert f" {path}</code>" in page.text


async def test_a_key_of_the_demo_opens_nothing_else(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    answer = await client.get("/api/workflows", headers=await headers_for(database, tenant_id, Scope.DEMO))

    body = is_problem(answer)
    assert (body["code"], body["context"]) == ("scope_missing", {"needs": "read"})
