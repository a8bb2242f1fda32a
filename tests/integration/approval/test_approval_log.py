"""Over HTTP: every decision of the rules with all it was based on, judged again while one looks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.inputs import DecisionSwitches, inputs_document
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.versions import RuleChange, change_rule
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.deciding import OURS, REPLY, decided, with_messages
from tests.factories.decisions import OPEN, make_inputs, make_settings
from tests.factories.drafting import BLOCK, NOTE, WARNING, checked_draft, stored_contact
from tests.factories.pipeline import make_decision, make_draft
from tests.factories.records import make_contact
from tests.factories.store import store

LOG = "/api/admin/approval-log"


@pytest.fixture
async def client(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(database_urls.app, data_dir) as client:
        client.headers.update(await headers_for(database, tenant_id, Scope.READ))
        yield client


async def whole_log(client: httpx2.AsyncClient, **wanted: object) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    cursor: str | None = None
    while True:
        params = {"limit": 7, **wanted} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(LOG, params=params)).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


async def mixed_run(database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]) -> int:
    """Decisions of every kind, before and after a rule was changed; how many."""
    known = await with_messages(database, tenant_id, OURS, REPLY)
    made = 0
    for round_ in range(2):
        for findings in ((), (NOTE,), (WARNING,), (BLOCK,)):
            for switches in (OPEN, DecisionSwitches(), replace(OPEN, operator_approval_required=True)):
                for contact_id in (known, await stored_contact(database, tenant_id)):
                    kept = await checked_draft(database, tenant_id, *findings, contact_id=contact_id)
                    await decided(database, tenant_id, kept.draft_id, switches)
                    made += 1
        if round_ == 0:
            async with database.transaction(tenant_id) as session:
                wish = RuleChange(conditions={"days_lookback": 5}, confidence=0.8)
                await change_rule(session, tenant_id, rules[0].id, wish, expected_version=4, actor="user:mara")
    return made


async def test_of_all_decisions_of_a_mixed_run_none_comes_out_differently_when_judged_again(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    made = await mixed_run(database, tenant_id, rules)

    log = await whole_log(client)

    assert len(log) == made
    assert {row["decision"] for row in log} == {"auto_approved", "needs_review", "blocked"}
    assert {row["rule_version"] for row in log} >= {4, None}
    assert [row["id"] for row in log if not row["reevaluates_to_the_same"]] == []
    assert len({row["id"] for row in log}) == made


async def test_a_page_can_be_of_one_draft_one_rule_or_one_outcome(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    await mixed_run(database, tenant_id, rules)
    log = await whole_log(client)
    chosen = log[5]

    assert await whole_log(client, draft_id=chosen["draft_id"]) == [chosen]
    for name, value in (("decision", "auto_approved"), ("rule_type", "replied_before")):
        assert await whole_log(client, **{name: value}) == [row for row in log if row[name] == value]
    assert (await client.get(LOG, params={"decision": "rejected"})).status_code == 422
    assert (await client.get(LOG, params={"rule_type": "foo"})).status_code == 422


async def test_each_decision_is_shown_with_every_input(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, NOTE, contact_id=contact_id)
    await decided(database, tenant_id, kept.draft_id)

    (row,) = await whole_log(client)

    assert (row["decision"], row["rule_type"], row["rule_version"]) == ("auto_approved", "replied_before", 4)
    assert row["confidence"] == 0.95
    assert row["inputs"].keys() == set(make_inputs().__dataclass_fields__)
    assert [rule["rule_type"] for rule in row["inputs"]["rules"]] == [rule.rule_type for rule in make_settings()]
    assert {rule["revision"] for rule in row["inputs"]["rules"]} == {1}


@pytest.mark.parametrize(
    "inputs",
    [{}, {"now": "yesterday"}, "the inputs of another decision"],
    ids=["nothing", "something unreadable", "something else"],
)
async def test_a_row_that_does_not_lead_to_its_decision_is_seen(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, inputs: object
):
    document = inputs if isinstance(inputs, dict) else inputs_document(make_inputs())
    contact = make_contact(tenant_id)
    draft = make_draft(tenant_id, contact.id)
    row = make_decision(
        tenant_id,
        draft.id,
        decision="auto_approved",
        rule_type="replied_before",
        rule_version=1,
        confidence=0.95,
        would_approve=True,
        inputs=document,
    )
    await store(database, contact, draft, row)

    assert [row["reevaluates_to_the_same"] for row in await whole_log(client)] == [False]


async def test_the_log_of_another_tenant_is_not_shown(
    client: httpx2.AsyncClient, database: Database, other_tenant_id: UUID
):
    contact = make_contact(other_tenant_id)
    draft = make_draft(other_tenant_id, contact.id)
    await store(database, contact, draft, make_decision(other_tenant_id, draft.id))

    assert await whole_log(client) == []
    assert await whole_log(client, draft_id=draft.id) == []
