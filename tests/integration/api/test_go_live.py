"""No mail really leaves by a switch before the checklist is settled, unless an owner says why."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import psycopg
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.console.go_live.checklist import is_public_https
from sales_agent.kit.db import Database
from sales_agent.sandbox.client import SandboxClient
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.integration.api.conftest import Callers

GO_LIVE, SETTINGS = "/api/admin/go-live", "/api/admin/settings"
READY: dict[str, object] = {
    "draft_only": "false",
    "allow_real_sends": "true",
    "public_url": "https://agent.northwind.example",
    "seller_name": "Mara Lindqvist",
    "seller_email": "Mara@Brightpath.example",
    "seller_postal_address": "1 Harbour Road, Bergen",
    "google_access_token": "sandbox-test",
    "hubspot_access_token": "sandbox-test",
    "drive_folder_ids": "1fldCaseStudies",
    "provider_retry_seconds": "0.01",
}


@pytest.fixture
async def admin(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.ADMIN)


@pytest.fixture
async def owner(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.OWNER)


@pytest.fixture
def ready(sandbox: SandboxClient) -> dict[str, object]:
    """An environment in which every point is settled, with the sandbox for accounts."""
    return {**READY, "hubspot_base_url": sandbox.url, "gmail_base_url": sandbox.url, "google_base_url": sandbox.url}


@pytest.fixture
async def client(
    database_urls: DatabaseUrls, data_dir: Path, ready: dict[str, object]
) -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(database_urls.app, data_dir, **ready) as client:
        yield client


async def points(client: httpx2.AsyncClient, headers: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    answer = await client.get(GO_LIVE, headers=headers)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["is_ready"] is all(point["is_ok"] or not point["is_required"] for point in told["points"])
    return {point["name"]: point for point in told["points"]}


async def turn(client: httpx2.AsyncClient, headers: Mapping[str, str], **more: object) -> httpx2.Response:
    """Turn real sends off, and on again."""
    lowered = await client.post(SETTINGS, headers=headers, json={"key": "allow_real_sends", "value": False})
    assert lowered.status_code == 200
    return await client.post(SETTINGS, headers=headers, json={"key": "allow_real_sends", "value": True, **more})


async def test_with_everything_settled_each_account_answers_and_real_sends_can_be_turned_on(
    client: httpx2.AsyncClient, admin: Mapping[str, str], sandbox: SandboxClient
):
    told = await points(client, admin)
    assert [name for name, point in told.items() if not point["is_ok"]] == []
    assert told["mailbox"]["detail"] == "Answers as mara@brightpath.example."
    assert told["calendar"]["detail"] == "1 of 1 calendars can be read."
    assert (await turn(client, admin)).json()["changed"] == ["allow_real_sends"]
    assert {entry["method"] for entry in sandbox.journal() if "freeBusy" not in entry["path"]} == {"GET"}


async def test_the_weekly_limit_that_keeps_the_daily_one_out_of_reach_is_said_plainly(
    client: httpx2.AsyncClient, admin: Mapping[str, str]
):
    quotas = (await points(client, admin))["quotas"]
    assert "With 2 a week, 20 a day cannot be reached" in quotas["detail"]
    await client.post(SETTINGS, headers=admin, json={"key": "max_emails_per_week", "value": 100})
    assert "cannot be reached" not in (await points(client, admin))["quotas"]["detail"]
    await client.post(SETTINGS, headers=admin, json={"key": "max_emails_per_day", "value": 0})
    assert (await points(client, admin))["quotas"]["is_ok"] is False


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"seller_postal_address": ""}, "postal_address"),
        ({"seller_email": "noor@brightpath.example"}, "sender_identity"),
        ({"seller_name": ""}, "sender_identity"),
        ({"public_url": ""}, "unsubscribe_link"),
        ({"public_url": "http://agent.northwind.example"}, "unsubscribe_link"),
        ({"calendar_ids": "primary,nobodys@northwind.example"}, "calendar"),
        ({"google_access_token": "expired"}, "mailbox"),
        ({"hubspot_base_url": "http://127.0.0.1:1"}, "crm"),
    ],
)
async def test_an_open_point_is_named_with_what_to_do_and_keeps_real_sends_off(
    changes: dict[str, object],
    name: str,
    database_urls: DatabaseUrls,
    data_dir: Path,
    ready: dict[str, object],
    admin: Mapping[str, str],
):
    async with serving(database_urls.app, data_dir, **{**ready, **changes}) as client:
        point = (await points(client, admin))[name]
        assert point["is_ok"] is False
        assert point["fix"]
        answer = await turn(client, admin)
        assert (answer.status_code, answer.json()["code"]) == (409, "go_live_checklist_open")
        assert name in answer.json()["context"]["open"]
        told = (await client.get(SETTINGS, headers=admin)).json()["settings"]
        assert {item["key"]: item["value"] for item in told}["allow_real_sends"] is False


async def test_a_stop_is_an_open_point(client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str]):
    await client.post("/api/admin/emergency-stop", headers=callers.operate)
    assert (await turn(client, admin)).json()["context"]["open"] == ["kill_switch"]


async def test_a_suppression_list_that_cannot_be_read_is_an_open_point(
    client: httpx2.AsyncClient, admin: Mapping[str, str], database_urls: DatabaseUrls
):
    with psycopg.connect(database_urls.owner) as connection:
        connection.execute("revoke select on suppression from sales_agent_application")
    assert (await points(client, admin))["suppression_list"]["is_ok"] is False


async def test_leaving_drafts_only_and_a_reset_ask_the_checklist_too(
    database_urls: DatabaseUrls, data_dir: Path, ready: dict[str, object], admin: Mapping[str, str]
):
    async with serving(database_urls.app, data_dir, **{**ready, "seller_postal_address": ""}) as client:
        for key, careful in {"draft_only": True, "allow_real_sends": False}.items():
            assert (await client.post(SETTINGS, headers=admin, json={"key": key, "value": careful})).status_code == 200
            back = {"changes": {"draft_only": False, "allow_real_sends": True}}
            assert (await client.post(SETTINGS, headers=admin, json=back)).status_code == 409
            assert (await client.delete(f"{SETTINGS}/{key}", headers=admin)).status_code == 409
            overridden = f"{SETTINGS}/{key}?override_reason=mine"
            assert (await client.delete(overridden, headers=admin)).json()["code"] == "override_needs_owner"


async def test_an_owner_may_go_live_over_an_open_point_and_says_why(
    database_urls: DatabaseUrls, data_dir: Path, ready: dict[str, object], owner: Mapping[str, str]
):
    async with serving(database_urls.app, data_dir, **{**ready, "seller_postal_address": ""}) as client:
        assert (await turn(client, owner)).status_code == 409
        assert (await turn(client, owner, override_reason=" ")).status_code == 409
        answer = await turn(client, owner, override_reason="our signature has the address")
        assert answer.json()["changed"] == ["allow_real_sends"]
        history = (await client.get(f"{SETTINGS}/history?key=allow_real_sends", headers=owner)).json()["items"]
        assert history[0]["reason"] == "our signature has the address"
        trail = (await client.get("/api/admin/audit?action=go_live.overridden", headers=owner)).json()["items"]
        assert trail[0]["facts"]["open"] == ["postal_address"]


async def test_what_keeps_mails_at_home_asks_nobody(
    database_urls: DatabaseUrls,
    data_dir: Path,
    ready: dict[str, object],
    admin: Mapping[str, str],
    sandbox: SandboxClient,
):
    async with serving(database_urls.app, data_dir, **ready) as client:
        for body in ({"key": "draft_only", "value": True}, {"key": "allow_real_sends", "value": False}):
            assert (await client.post(SETTINGS, headers=admin, json=body)).status_code == 200
        assert (
            await client.post(SETTINGS, headers=admin, json={"key": "draft_only", "value": False})
        ).status_code == 200
    assert sandbox.journal() == []


@pytest.mark.parametrize(
    ("url", "is_public"),
    [
        ("https://agent.northwind.example", True),
        ("https://8.8.8.8", True),
        ("http://agent.northwind.example", False),
        ("https://localhost:8000", False),
        ("https://agent", False),
        ("https://agent.internal", False),
        ("https://10.0.0.8", False),
        ("https://127.0.0.1", False),
        ("https://[::1]", False),
        ("", False),
    ],
)
def test_a_link_is_public_where_a_stranger_s_browser_can_open_it(url: str, is_public: bool):  # noqa: FBT001
    assert is_public_https(url) is is_public
