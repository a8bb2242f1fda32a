"""An admin turns switches up to the environment's ceiling, and whoever asks is told who turned what when and why."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.controls.flags import FLAGS
from sales_agent.controls.settings import KEYS
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import headers_for, serving
from tests.factories.controls import make_setting
from tests.factories.store import store
from tests.integration.api.conftest import Callers

SETTINGS, HISTORY, FLAG_DOORS = "/api/admin/settings", "/api/admin/settings/history", "/api/admin/flags"
OPEN = {"allow_crm_writes": "true", "auto_approve_enabled": "true", "operator_approval_required": "false"}


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """An environment that allows some switches and no real sends."""
    async with serving(database_urls.app, data_dir, **OPEN) as client:
        yield client


@pytest.fixture
async def admin(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.ADMIN)


def by_key(answer: httpx2.Response) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return {item["key"]: item for item in answer.json()["settings"]}


async def test_every_setting_is_shown_with_what_counts_its_ceiling_its_default_and_a_sentence(
    client: httpx2.AsyncClient, callers: Callers
):
    shown = by_key(await client.get(SETTINGS, headers=callers.read))
    assert set(shown) == KEYS
    assert all(item["about"] and not item["problem"] and item["last_change"] is None for item in shown.values())
    assert (shown["allow_crm_writes"]["value"], shown["allow_crm_writes"]["ceiling"]) == (True, True)
    assert (shown["allow_real_sends"]["value"], shown["allow_real_sends"]["ceiling"]) == (False, False)
    assert (shown["max_emails_per_week"]["value"], shown["max_emails_per_week"]["ceiling"]) == (2, None)


async def test_a_switch_is_lowered_and_raised_again_and_the_history_says_who_and_why(
    client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str]
):
    body = {"key": "allow_crm_writes", "value": False, "reason": "HubSpot is being cleaned up"}
    lowered = await client.post(SETTINGS, headers=admin, json=body)
    assert by_key(lowered)["allow_crm_writes"]["value"] is False
    assert lowered.json()["changed"] == ["allow_crm_writes"]
    assert by_key(lowered)["allow_crm_writes"]["last_change"]["by"] == "api_key:mara"
    assert (await client.post(SETTINGS, headers=admin, json=body)).json()["changed"] == []
    raised = await client.post(SETTINGS, headers=admin, json={"key": "allow_crm_writes", "value": True})
    assert by_key(raised)["allow_crm_writes"]["value"] is True
    items = (await client.get(HISTORY, headers=callers.read)).json()["items"]
    assert [(item["before"], item["after"], item["reason"]) for item in items] == [
        (False, True, ""),
        (None, False, "HubSpot is being cleaned up"),
    ]
    assert (await client.get(HISTORY, headers=callers.stranger)).json()["items"] == []
    assert by_key(await client.get(SETTINGS, headers=callers.stranger))["allow_crm_writes"]["last_change"] is None


@pytest.mark.parametrize(("key", "value"), [("allow_real_sends", True), ("draft_only", False)])
async def test_above_the_ceiling_is_refused_with_what_to_do(
    key: str, value: object, client: httpx2.AsyncClient, admin: Mapping[str, str]
):
    answer = await client.post(SETTINGS, headers=admin, json={"key": key, "value": value})
    assert (answer.status_code, answer.json()["code"]) == (409, "switch_above_ceiling")
    assert f"{key.upper()}={str(value).lower()}" in answer.json()["detail"]


async def test_a_demo_tenant_never_sends_for_real_whatever_the_environment_allows(
    database_urls: DatabaseUrls, data_dir: Path, database: Database
):
    demo = await store(database, make_tenant(is_demo=True))
    owner = await headers_for(database, demo, Scope.OWNER)
    async with serving(database_urls.app, data_dir, draft_only="false", allow_real_sends="true") as client:
        for key, value in {"allow_real_sends": True, "draft_only": False}.items():
            body = {"key": key, "value": value, "override_reason": "I am the owner"}
            assert (await client.post(SETTINGS, headers=owner, json=body)).json()["code"] == "switch_above_ceiling"


async def test_several_changes_happen_together_or_not_at_all(client: httpx2.AsyncClient, admin: Mapping[str, str]):
    changes = {"max_emails_per_week": 50, "sending_hours": "09:00-17:00", "seller_name": "Mara"}
    told = by_key(await client.post(SETTINGS, headers=admin, json={"changes": changes}))
    assert {key: told[key]["value"] for key in changes} == changes
    refused = {"changes": {"seller_name": "Noor", "max_emails_per_week": -1}}
    assert (await client.post(SETTINGS, headers=admin, json=refused)).status_code == 400
    assert by_key(await client.get(SETTINGS, headers=admin))["seller_name"]["value"] == "Mara"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("draft_only", "true"),
        ("allow_crm_writes", 1),
        ("max_emails_per_day", "many"),
        ("max_emails_per_day", 2001),
        ("sending_hours", "17:00-09:00"),
        ("sending_days", ["someday"]),
        ("seller_time_zone", "Mars/Olympus"),
        ("seller_country", "ZZ"),
        ("seller_name", "Mara\r\nBcc: all@northwind.example"),
        ("seller_email", "a\x00b"),
        ("seller_email", "nonsense"),
        ("seller_email", "Mara <mara@northwind.example>"),
        ("sending_days", []),
        ("sending_days", ""),
        ("max_emails_per_day", True),
        ("icp_min_employees", -1),
        ("database_url", "postgresql://elsewhere"),
        ("admin_password", "mine"),
    ],
)
async def test_what_does_not_fit_or_does_not_exist_is_refused(
    key: str, value: object, client: httpx2.AsyncClient, admin: Mapping[str, str]
):
    answer = await client.post(SETTINGS, headers=admin, json={"key": key, "value": value})
    assert answer.status_code == 400
    assert (await client.get(HISTORY, headers=admin)).json()["items"] == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("max_emails_per_day", "many", "max_emails_per_day: write a whole number"),
        ("max_emails_per_day", 2001, "max_emails_per_day: write 2000 or less"),
        ("undo_seconds", "soon", "undo_seconds: write a number"),
        ("approval_timeout_hours", 0, "approval_timeout_hours: write more than 0"),
        ("sending_days", 7, "sending_days: write a list, or one text with commas between"),
        ("sending_days", "mon,someday", "sending_days: choose of 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'"),
        ("seller_name", 3, "seller_name: write a text"),
        ("seller_name", "Mara\n", "seller_name: write no line breaks and no control characters"),
        ("seller_time_zone", "Mars", "seller_time_zone: no IANA zone; write one such as Europe/Berlin"),
        ("seller_email", "nonsense", "seller_email: write an e-mail address such as mara@your-company.com, or nothing"),
    ],
)
async def test_the_refusal_says_what_to_write(
    key: str, value: object, says: str, client: httpx2.AsyncClient, admin: Mapping[str, str]
):
    answer = (await client.post(SETTINGS, headers=admin, json={"key": key, "value": value})).json()
    assert (answer["detail"], answer["context"]) == (says, {"key": key})


async def test_a_name_that_nobody_knows_is_answered_with_those_there_are(
    client: httpx2.AsyncClient, admin: Mapping[str, str]
):
    answer = (await client.post(SETTINGS, headers=admin, json={"key": "max_mails", "value": 1})).json()
    assert (answer["code"], answer["context"]) == ("setting_unknown", {"key": "max_mails", "known": sorted(KEYS)})
    assert (await client.delete(f"{SETTINGS}/max_mails", headers=admin)).json()["context"]["known"] == sorted(KEYS)


@pytest.mark.parametrize(
    ("key", "written", "kept"),
    [
        ("max_emails_per_day", "50", 50),
        ("undo_seconds", "12.5", 12.5),
        ("sending_days", "mon, wed", ["mon", "wed"]),
        ("link_domains", "northwind.example,docs.northwind.example", ["northwind.example", "docs.northwind.example"]),
        ("calendar_ids", "", []),
        ("seller_email", "", ""),
    ],
)
async def test_what_the_environment_takes_as_text_is_taken_and_kept_as_what_it_is(
    key: str, written: str, kept: object, client: httpx2.AsyncClient, admin: Mapping[str, str]
):
    shown = by_key(await client.post(SETTINGS, headers=admin, json={"key": key, "value": written}))[key]
    assert (shown["value"], shown["problem"]) == (kept, "")
    assert (await client.post(SETTINGS, headers=admin, json={"key": key, "value": kept})).json()["changed"] == []


async def test_a_body_that_changes_nothing_is_refused(client: httpx2.AsyncClient, admin: Mapping[str, str]):
    assert (await client.post(SETTINGS, headers=admin, json={})).json()["code"] == "nothing_to_change"


async def test_a_reset_goes_back_to_what_the_environment_says(client: httpx2.AsyncClient, admin: Mapping[str, str]):
    await client.post(SETTINGS, headers=admin, json={"key": "max_emails_per_week", "value": 50})
    answer = await client.delete(f"{SETTINGS}/max_emails_per_week?reason=too+many", headers=admin)
    assert (by_key(answer)["max_emails_per_week"]["value"], answer.json()["changed"]) == (2, ["max_emails_per_week"])
    assert (await client.delete(f"{SETTINGS}/max_emails_per_week", headers=admin)).json()["changed"] == []
    assert (await client.delete(f"{SETTINGS}/database_url", headers=admin)).status_code == 400
    items = (await client.get(f"{HISTORY}?key=max_emails_per_week", headers=admin)).json()["items"]
    assert [(item["before"], item["after"], item["reason"]) for item in items] == [
        (50, None, "too many"),
        (None, 50, ""),
    ]


async def test_only_an_admin_changes_settings_and_flags(client: httpx2.AsyncClient, callers: Callers):
    for answer in (
        await client.post(SETTINGS, headers=callers.operate, json={"key": "draft_only", "value": True}),
        await client.delete(f"{SETTINGS}/draft_only", headers=callers.operate),
        await client.post(f"{FLAG_DOORS}/offer_files", headers=callers.operate, json={"enabled": False}),
    ):
        assert answer.json()["code"] == "scope_missing"


@pytest.mark.parametrize("odd", ["True ", "1 ", "true", "", None, 1, 0, [], {"value": True}])
async def test_an_odd_row_is_shown_as_off_with_what_is_wrong_with_it(
    odd: object, client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    await store(database, make_setting(tenant_id, key="allow_crm_writes", value={"value": odd}))
    shown = by_key(await client.get(SETTINGS, headers=callers.read))["allow_crm_writes"]
    assert (shown["value"], shown["problem"]) == (False, "allow_crm_writes is true or false")


async def test_the_history_is_paged_newest_first(client: httpx2.AsyncClient, admin: Mapping[str, str]):
    for limit in range(5):
        await client.post(SETTINGS, headers=admin, json={"key": "max_emails_per_week", "value": limit})
    seen, cursor = [], ""
    while True:
        page = (await client.get(f"{HISTORY}?limit=2{cursor}", headers=admin)).json()
        seen += [item["after"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [4, 3, 2, 1, 0]


async def test_a_flag_is_turned_and_the_same_history_tells_of_it(
    client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str]
):
    flags = (await client.get(FLAG_DOORS, headers=callers.read)).json()["flags"]
    assert [(flag["name"], flag["enabled"]) for flag in flags] == [(row.flag, row.default) for row in FLAGS]
    body = {"enabled": False, "reason": "no files for now"}
    turned = (await client.post(f"{FLAG_DOORS}/offer_files", headers=admin, json=body)).json()["flags"]
    (flag,) = [flag for flag in turned if flag["name"] == "offer_files"]
    assert (flag["enabled"], flag["last_change"]["reason"]) == (False, "no files for now")
    assert (await client.post(f"{FLAG_DOORS}/fly", headers=admin, json=body)).json()["code"] == "flag_unknown"
    (item,) = (await client.get(f"{HISTORY}?key=flag.offer_files", headers=admin)).json()["items"]
    assert (item["before"], item["after"], item["by"]) == (None, False, "api_key:mara")


async def test_stops_and_resumes_stand_in_the_history_too(client: httpx2.AsyncClient, callers: Callers):
    await client.post("/api/admin/emergency-stop", headers=callers.operate, json={"reason": "odd mails"})
    (item,) = (await client.get(HISTORY, headers=callers.read)).json()["items"]
    assert (item["key"], item["after"], item["reason"]) == ("kill_switch", True, "odd mails")
