"""Resuming always takes a password and a reason, and restarts nothing that was cancelled."""

from collections.abc import Mapping
from uuid import UUID

import httpx2

from sales_agent.kit.db import Database
from tests.integration.api.conftest import Callers
from tests.integration.kill_switch.seen import (
    BARE,
    PASSWORD,
    RESUME,
    STATUS,
    STOP,
    events,
    is_stopped,
    queue_two,
    signed_in,
    states,
)


async def test_a_resume_is_no_longer_heard_after_ten_wrong_passwords_in_a_minute(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await client.post(STOP, json=BARE)
    wrong = {"admin_password": "guess", "reason": "x"}
    answers = [(await client.post(RESUME, json=wrong)).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]
    assert (await client.post(RESUME, json=BARE)).status_code == 429
    assert await is_stopped(database, tenant_id)


async def test_a_resume_takes_the_password_and_a_reason_from_everybody(
    client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str], database: Database, tenant_id: UUID
):
    await client.post(STOP, headers=callers.operate, json={"reason": "odd mails"})
    refusals = [
        (callers.operate, {"admin_password": PASSWORD, "reason": "all clear"}, 403, "scope_missing"),
        (admin, {"reason": "all clear"}, 403, "admin_password_missing"),
        (admin, {"admin_password": "guess", "reason": "all clear"}, 403, "admin_password_wrong"),
        (admin, {"admin_password": PASSWORD, "reason": " "}, 400, "reason_missing"),
        ({}, {"reason": "all clear"}, 401, "api_key_missing"),
    ]
    for headers, body, status, code in refusals:
        answer = await client.post(RESUME, headers=headers, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await is_stopped(database, tenant_id)
    answer = await client.post(f"{RESUME}?admin_password={PASSWORD}", headers=admin, json={"reason": "all clear"})
    assert (answer.status_code, answer.json()["code"]) == (422, "parameter_unknown")
    assert PASSWORD not in answer.text

    answer = await client.post(RESUME, headers=admin, json={"admin_password": PASSWORD, "reason": "all clear"})

    assert answer.json() == {
        "status": "resumed",
        "message": "Outward writes may be made again. What was cancelled stays cancelled.",
        "auto_approve_enabled": False,
        "kill_switch_active": False,
        "scope": "none",
        "was_stopped": True,
    }
    assert not await is_stopped(database, tenant_id)


async def test_a_signed_in_admin_resumes_with_the_password_of_the_account(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    token = await signed_in(database, tenant_id, "admin", "correct horse battery")
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.post(STOP, headers=headers, json={"reason": "odd mails"})).json()["scope"] == "tenant"
    wrong = {"admin_password": "correct horse", "reason": "all clear"}
    assert (await client.post(RESUME, headers=headers, json=wrong)).status_code == 403
    right = {"admin_password": "correct horse battery", "reason": "all clear"}
    assert (await client.post(RESUME, headers=headers, json=right)).json()["status"] == "resumed"
    assert (await client.post(STOP, json=right)).status_code == 403
    assert not await is_stopped(database, tenant_id)


async def test_a_tenant_s_resume_does_not_lift_the_stop_of_everybody_and_says_so(
    client: httpx2.AsyncClient, callers: Callers, admin: Mapping[str, str], database: Database, tenant_id: UUID
):
    await client.post(STOP, headers=callers.operate)
    await client.post(STOP, json=BARE)
    answer = await client.post(RESUME, headers=admin, json={"admin_password": PASSWORD, "reason": "all clear"})
    assert (answer.json()["status"], answer.json()["scope"]) == ("still_stopped", "installation")
    assert "lifted here with the admin password and no other credential" in answer.json()["message"]
    assert await is_stopped(database, tenant_id)
    told = (await client.get(STATUS, headers=callers.read)).json()
    assert (told["kill_switch_active"], told["is_tenant_stopped"]) == (True, False)
    assert (await client.post(RESUME, json=BARE)).json()["status"] == "resumed"
    assert not await is_stopped(database, tenant_id)


async def test_a_resume_of_what_was_not_stopped_says_so(client: httpx2.AsyncClient, admin: Mapping[str, str]):
    for headers in (admin, {}):
        answer = await client.post(RESUME, headers=headers, json={"admin_password": PASSWORD, "reason": "all clear"})
        assert (answer.json()["status"], answer.json()["was_stopped"]) == ("resumed", False)
        assert answer.json()["message"] == "It was not stopped: outward writes may be made, as before."


async def test_lifting_the_stop_of_everybody_leaves_a_tenant_s_own_and_restarts_nothing(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    await queue_two(database, tenant_id)
    await client.post(STOP, headers=callers.operate)
    await client.post(STOP, json=BARE)
    await client.post(RESUME, json=BARE)
    assert await is_stopped(database, tenant_id)
    assert not await is_stopped(database, other_tenant_id)
    assert await states(database, tenant_id) == ["cancelled", "cancelled", "needs_review"]
    assert await events(database) == [
        ("kill_switch.stopped", "admin_password"),
        ("kill_switch.resumed", "admin_password"),
    ]
