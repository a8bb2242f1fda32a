"""Over HTTP: a rule scored over what people decided, as it is and as it might be, with everything that was left out."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.seed import seed_rules
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.decisions import NOW
from tests.factories.earning import APPROVED, REJECTED, decided_by_people
from tests.factories.pipeline import make_draft, make_operator_decision, make_rule
from tests.factories.records import make_contact
from tests.factories.store import store

BACKTESTS = "/api/admin/rule-backtests"


@pytest.fixture
async def client(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    async with database.transaction(tenant_id) as session:
        await seed_rules(session, tenant_id)
    async with serving(database_urls.app, data_dir) as client:
        client.headers.update(await headers_for(database, tenant_id, Scope.ADMIN))
        yield client


async def id_of(client: httpx2.AsyncClient, rule_type: str = "known_good_recipient") -> str:
    rules = (await client.get("/api/admin/rules")).json()["rules"]
    return next(rule["id"] for rule in rules if rule["rule_type"] == rule_type)


async def test_every_rule_is_scored_as_it_is(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    drafts = await decided_by_people(database, tenant_id, [APPROVED, APPROVED, APPROVED, REJECTED])
    await decided_by_people(database, tenant_id, [APPROVED] * 4, earlier_sends=0, last_reply_at=NOW)

    found = (await client.get(BACKTESTS)).json()

    by_type = {row["rule_type"]: row for row in found["items"]}
    assert list(by_type) == ["replied_before", "known_good_recipient", "high_icp_score"]
    known = by_type["known_good_recipient"]
    assert (known["scored"], known["matched"], known["agreed"]) == (8, 4, 3)
    assert (known["coverage"], known["agreement"], known["claim"], known["level"]) == (0.5, 0.75, 0.9, 0.95)
    assert known["would_have_sent"] == [
        {"draft_id": str(drafts[3]), "draft_version": 1, "kind": "reject", "reason_code": None}
    ]
    assert (known["is_small_sample"], known["bound_reaches_claim"], known["is_candidate"]) == (True, False, False)
    assert known["warning"] == "4 of the 50 decisions that are needed."
    assert (by_type["replied_before"]["matched"], by_type["high_icp_score"]["agreement"]) == (4, None)
    assert found["sent_without_a_hand"] == {"sent": 0, "unattended": 0, "share": None}


async def test_a_candidate_is_scored_over_the_same_decisions_and_changes_nothing(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await decided_by_people(database, tenant_id, [APPROVED] * 60, earlier_sends=2)
    await decided_by_people(database, tenant_id, [REJECTED] * 20, earlier_sends=1)
    rule_id = await id_of(client)

    as_it_is = (await client.get(BACKTESTS, params={"rule_id": rule_id})).json()["items"]
    wish = {"rule_id": rule_id, "conditions": {"min_sends": 2}, "confidence": 0.85}
    candidate = (await client.post(BACKTESTS, json=wish)).json()

    assert [(row["matched"], row["agreement"]) for row in as_it_is] == [(80, 0.75)]
    assert (candidate["matched"], candidate["agreement"], candidate["claim"]) == (60, 1.0, 0.85)
    assert (candidate["is_candidate"], candidate["bound_reaches_claim"], candidate["warning"]) == (True, True, None)
    assert candidate["coverage"] == 0.75
    rules = (await client.get("/api/admin/rules")).json()["rules"]
    assert {(rule["version"], rule["mode"]) for rule in rules} == {(1, "shadow")}


async def test_what_was_known_only_later_is_counted_and_not_scored(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    late = NOW + dt.timedelta(days=3)
    await decided_by_people(database, tenant_id, [APPROVED] * 2)
    await decided_by_people(database, tenant_id, [APPROVED] * 3, now=late, last_reply_at=late)
    await decided_by_people(database, tenant_id, [APPROVED], last_reply_at=late)
    contact = make_contact(tenant_id)
    draft = make_draft(tenant_id, contact.id)
    await store(database, contact, draft, make_operator_decision(tenant_id, draft.id))

    for row in (await client.get(BACKTESTS)).json()["items"]:
        assert row["scored"] == 2
        assert row["excluded"] == {"not_logged": 1, "read_later": 3, "reply_later": 1}
        assert row["excluded_leaking"] == 4


async def test_conditions_that_cannot_be_are_refused(client: httpx2.AsyncClient):
    rule_id = await id_of(client)

    answer = await client.post(BACKTESTS, json={"rule_id": rule_id, "conditions": {"min_sends": 0}})

    assert (answer.status_code, answer.json()["code"]) == (400, "rule_values_refused")


async def test_only_rules_of_the_tenant_and_decisions_of_its_people_are_scored(
    client: httpx2.AsyncClient, database: Database, other_tenant_id: UUID
):
    theirs = await store(database, make_rule(other_tenant_id))
    await decided_by_people(database, other_tenant_id, [APPROVED] * 3)

    assert {row["scored"] for row in (await client.get(BACKTESTS)).json()["items"]} == {0}
    for rule_id in (theirs, new_id()):
        answers = [
            await client.get(BACKTESTS, params={"rule_id": str(rule_id)}),
            await client.post(BACKTESTS, json={"rule_id": str(rule_id)}),
        ]
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "rule_not_found")}


async def test_a_rule_of_a_type_that_nobody_knows_any_more_is_shown_and_not_scored(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    rule = make_rule(tenant_id, rule_type="trust_everybody", mode="off")
    await store(database, rule)

    shown = next(row for row in (await client.get("/api/admin/rules")).json()["rules"] if row["id"] == str(rule.id))
    enabled = (await client.post(f"/api/admin/rules/{rule.id}/enable")).json()

    assert shown["standing"] is None
    assert len((await client.get(BACKTESTS)).json()["items"]) == 3
    assert (enabled["mode"], enabled["message"]) == ("off", "Nobody knows this type of rule any more.")
