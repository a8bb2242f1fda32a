"""Over HTTP: a rule is on only where people's decisions show that its claim holds, or where an owner answers for it."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.approval.models import AutoApprovalRuleMove, AutoApprovalRuleVersion
from sales_agent.pipeline.approval.seed import seed_rules
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.earning import APPROVED, REJECTED, decided_by_people
from tests.factories.pipeline import make_rule
from tests.factories.store import store

RULES = "/api/admin/rules"


@pytest.fixture
async def client(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    """An admin of a tenant with the seeded rules."""
    async with database.transaction(tenant_id) as session:
        await seed_rules(session, tenant_id)
    async with serving(database_urls.app, data_dir) as client:
        client.headers.update(await headers_for(database, tenant_id, Scope.ADMIN))
        yield client


@pytest.fixture
async def owner(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.OWNER)


async def rule(client: httpx2.AsyncClient, rule_type: str = "known_good_recipient") -> dict[str, Any]:
    rules = (await client.get(RULES)).json()["rules"]
    return next(found for found in rules if found["rule_type"] == rule_type)


async def enable(client: httpx2.AsyncClient, headers: Mapping[str, str] | None = None, **wish: object):
    return await client.post(f"{RULES}/{(await rule(client))['id']}/enable", json=wish or None, headers=headers)


async def actions(database: Database, tenant_id: UUID) -> list[tuple[str, dict[str, object]]]:
    async with database.transaction(tenant_id) as session:
        events = (await session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))).all()
    return [(event.action, event.facts) for event in events if event.action.startswith("rule.")]


async def test_below_fifty_decisions_a_rule_is_put_in_shadow_and_the_answer_says_so(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    known = await rule(client)
    await client.post(f"{RULES}/{known['id']}/disable")
    await decided_by_people(database, tenant_id, [APPROVED] * 49)

    answer = await enable(client)

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["mode"]) == ("shadow", "shadow")
    assert (answer.json()["rule_id"], answer.json()["rule_type"]) == (known["id"], "known_good_recipient")
    assert "49 of the 50 decisions" in answer.json()["message"]
    assert (await rule(client))["mode"] == "shadow"


async def test_with_decisions_that_reach_its_claim_a_rule_is_put_on(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await decided_by_people(database, tenant_id, [APPROVED] * 60)

    assert (await rule(client))["standing"]["may_be_on"]
    answer = (await enable(client)).json()
    again = (await enable(client)).json()

    assert (answer["status"], answer["mode"], again["mode"]) == ("enabled", "on", "on")
    known = await rule(client)
    assert (known["enabled"], known["last_move"]["cause"]) == (True, "enabled")
    assert known["last_move"]["reason"] == "Earned: agreement is at least 0.942 over 60 decisions."
    assert [name for name, _ in await actions(database, tenant_id)] == ["rule.seeded"] * 3 + ["rule.enabled"]


async def test_a_rule_whose_bound_misses_its_claim_stays_in_shadow(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await decided_by_people(database, tenant_id, [APPROVED] * 50 + [REJECTED] * 5)

    answer = (await enable(client)).json()

    assert answer["mode"] == "shadow"
    assert "0.9 is claimed" in answer["message"]
    standing = (await rule(client))["standing"]
    assert (standing["decisions"], standing["agreed"], standing["may_be_on"]) == (55, 50, False)
    assert standing["bound"] < standing["agreement"] < 0.92


async def test_only_an_owner_puts_on_what_was_not_earned_and_the_reason_is_kept(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, owner: Mapping[str, str]
):
    refused = await enable(client, override_reason="We know them all.")
    answer = (await enable(client, owner, override_reason="We know them all.")).json()

    assert (refused.status_code, refused.json()["code"]) == (403, "override_is_for_owners")
    assert (answer["status"], answer["mode"]) == ("enabled", "on")
    known = await rule(client)
    assert known["watch"]["is_overridden"]
    assert (known["last_move"]["cause"], known["last_move"]["reason"]) == ("overridden", "We know them all.")
    name, facts = (await actions(database, tenant_id))[-1]
    assert (name, facts["decisions"], facts["after"]) == ("rule.overridden", 0, "on")
    assert "We know" not in str(facts)


@pytest.mark.parametrize(
    ("switches", "says"),
    [
        ({}, "But AUTO_APPROVE_ENABLED is off: nothing goes by itself until it is on."),
        (
            {"auto_approve_enabled": "true"},
            "But OPERATOR_APPROVAL_REQUIRED is on: every draft still waits for a person.",
        ),
        ({"auto_approve_enabled": "true", "operator_approval_required": "false"}, ""),
    ],
    ids=["rules off", "people first", "rules decide"],
)
async def test_a_rule_that_is_put_on_says_which_switch_keeps_it_from_letting_anything_go(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, owner: Mapping[str, str], switches: dict, says: str
):
    async with serving(database_urls.app, data_dir, **switches) as client:
        await client.post(f"{RULES}/seed", headers=owner)
        known = (await client.get(RULES, headers=owner)).json()["rules"][0]
        body = {"override_reason": "We know them all."}
        message = (await client.post(f"{RULES}/{known['id']}/enable", headers=owner, json=body)).json()["message"]
    assert message.endswith(says)
    assert ("But" in message) is bool(says)


async def test_an_owner_without_a_reason_is_held_to_what_was_earned(
    client: httpx2.AsyncClient, owner: Mapping[str, str]
):
    assert (await enable(client, owner)).json()["mode"] == "shadow"
    assert (await enable(client, owner, override_reason="")).status_code == 422


async def test_disabling_ends_in_off_from_wherever(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, owner: Mapping[str, str]
):
    await enable(client, owner, override_reason="For the demo.")
    known = await rule(client)

    first, again = [(await client.post(f"{RULES}/{known['id']}/disable")).json() for _ in range(2)]

    assert (first["status"], first["rule_id"], first["rule_type"]) == ("disabled", known["id"], known["rule_type"])
    assert (first["mode"], again["mode"]) == ("off", "off")
    assert [name for name, _ in await actions(database, tenant_id)].count("rule.disabled") == 1


async def test_a_change_is_a_new_version_that_has_earned_nothing(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await decided_by_people(database, tenant_id, [APPROVED] * 60, earlier_sends=3)
    await enable(client)
    known = await rule(client)

    wish = {"version": 1, "conditions": {"min_sends": 2}}
    answer = (await client.patch(f"{RULES}/{known['id']}", json=wish)).json()

    assert (answer["version"], answer["mode"]) == (2, "shadow")
    changed = await rule(client)
    assert (changed["conditions"], changed["version"], changed["mode"]) == ({"min_sends": 2}, 2, "shadow")
    assert (changed["standing"]["decisions"], changed["standing"]["may_be_on"]) == (0, False)
    assert changed["standing"]["counts_since"] is not None
    assert (await enable(client)).json()["mode"] == "shadow"
    await decided_by_people(database, tenant_id, [APPROVED] * 60, earlier_sends=3)
    assert (await enable(client)).json()["mode"] == "on"


async def test_every_version_is_kept(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    known = await rule(client)
    for version, wish in enumerate(({"confidence": 0.8}, {"priority": 7}, {"conditions": {"min_sends": 4}}), 1):
        await client.patch(f"{RULES}/{known['id']}", json={"version": version, **wish})
    same = await client.patch(f"{RULES}/{known['id']}", json={"version": 4, "priority": 7})

    async with database.transaction(tenant_id) as session:
        rows = await session.scalars(
            sa.select(AutoApprovalRuleVersion)
            .where(AutoApprovalRuleVersion.rule_type == "known_good_recipient")
            .order_by(AutoApprovalRuleVersion.version)
        )
        kept = [(row.version, row.conditions, row.confidence, row.priority, row.created_by) for row in rows]

    assert same.json()["message"] == "Nothing was different."
    assert kept == [
        (1, {"min_sends": 1}, 0.9, 2, "system"),
        (2, {"min_sends": 1}, 0.8, 2, "api_key:mara"),
        (3, {"min_sends": 1}, 0.8, 7, "api_key:mara"),
        (4, {"min_sends": 4}, 0.8, 7, "api_key:mara"),
    ]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"conditions": {"min_send": 2}}, "min_send is no condition of this rule; it has min_sends."),
        ({"conditions": {"min_sends": 0}}, "min_sends must lie between 1 and 1000."),
        ({"conditions": {"min_sends": 1.5}}, "min_sends must be a whole number."),
        ({"confidence": 1.0}, "confidence must lie between 0.5 and 0.99."),
        ({"confidence": 0.3}, "confidence must lie between 0.5 and 0.99."),
        ({"priority": -1}, "priority must lie between 0 and 1000."),
        ({"priority": 2, "confidence": 2, "conditions": {"min_sends": 0}}, "confidence must lie"),
    ],
)
async def test_what_a_rule_cannot_be_set_to_is_refused_in_words(
    client: httpx2.AsyncClient, wish: dict[str, object], said: str
):
    known = await rule(client)

    answer = await client.patch(f"{RULES}/{known['id']}", json={"version": 1, **wish})

    assert (answer.status_code, answer.json()["code"]) == (400, "rule_values_refused")
    assert said in answer.json()["detail"]
    assert (await rule(client))["version"] == 1


@pytest.mark.parametrize(
    "wish", [{"conditions": {"min_sends": "2"}, "version": 1}, {"confidence": 0.8}, {"mode": "on"}]
)
async def test_a_change_that_names_no_version_or_no_number_is_not_understood(
    client: httpx2.AsyncClient, wish: dict[str, object]
):
    known = await rule(client)

    assert (await client.patch(f"{RULES}/{known['id']}", json=wish)).status_code in {400, 422}
    assert (await rule(client))["version"] == 1


async def test_whoever_read_an_older_version_changes_nothing(client: httpx2.AsyncClient):
    known = await rule(client)
    path = f"{RULES}/{known['id']}"
    await client.patch(path, json={"version": 1, "priority": 5})

    late = await client.patch(path, json={"version": 1, "priority": 6})
    enabled = await client.post(f"{path}/enable", json={"version": 1})
    disabled = await client.post(f"{path}/disable", json={"version": 1})

    assert {answer.status_code for answer in (late, enabled, disabled)} == {412}
    assert late.json()["code"] == "rule_version_changed"
    assert ((await rule(client))["priority"], (await rule(client))["mode"]) == (5, "shadow")


async def test_what_is_not_there_or_another_tenant_s_cannot_be_moved(
    client: httpx2.AsyncClient, database: Database, other_tenant_id: UUID
):
    theirs = await store(database, make_rule(other_tenant_id))

    for rule_id in (new_id(), theirs):
        for method, path, body in (
            ("POST", "enable", None),
            ("POST", "disable", None),
            ("PATCH", "", {"version": 1, "priority": 3}),
        ):
            answer = await client.request(method, f"{RULES}/{rule_id}/{path}".rstrip("/"), json=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "rule_not_found")


async def test_an_operator_moves_no_rule(client: httpx2.AsyncClient, database: Database, tenant_id: UUID):
    operator = await headers_for(database, tenant_id, Scope.OPERATE)
    known = await rule(client)

    answers = [
        await client.post(f"{RULES}/{known['id']}/enable", headers=operator),
        await client.post(f"{RULES}/{known['id']}/disable", headers=operator),
        await client.patch(f"{RULES}/{known['id']}", json={"version": 1, "priority": 3}, headers=operator),
    ]

    assert {answer.status_code for answer in answers} == {403}
    async with database.transaction(tenant_id) as session:
        assert (await session.scalars(sa.select(AutoApprovalRuleMove))).all() == []
