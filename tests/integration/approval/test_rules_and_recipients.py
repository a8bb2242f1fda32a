"""Rules begin in shadow and are seeded once; recipients become known by mails that really went out."""

import asyncio
import datetime as dt
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval import recipients
from sales_agent.pipeline.approval.models import ApprovedRecipient, AutoApprovalRule
from sales_agent.pipeline.approval.repository import RecipientRepository, RuleRepository
from sales_agent.pipeline.approval.seed import seed_rules
from tests.factories.pipeline import make_rule
from tests.factories.store import store

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ALL = {"replied_before", "known_good_recipient", "high_icp_score"}


async def seed(database: Database, tenant_id: UUID) -> frozenset[str]:
    async with database.transaction(tenant_id) as session:
        return await seed_rules(session, tenant_id, actor="mara")


async def rules_of(database: Database, tenant_id: UUID) -> list[AutoApprovalRule]:
    async with database.transaction(tenant_id) as session:
        return list(await RuleRepository(session, tenant_id).all())


async def recipient_of(database: Database, tenant_id: UUID, address: str) -> ApprovedRecipient | None:
    async with database.transaction(tenant_id) as session:
        return await RecipientRepository(session, tenant_id).by_address(address)


async def test_seeded_rules_are_in_shadow_in_their_order(database: Database, tenant_id: UUID):
    assert await seed(database, tenant_id) == ALL

    assert [
        (rule.rule_type, rule.mode, rule.priority, rule.version, rule.created_by)
        for rule in await rules_of(database, tenant_id)
    ] == [
        ("replied_before", "shadow", 1, 1, "mara"),
        ("known_good_recipient", "shadow", 2, 1, "mara"),
        ("high_icp_score", "shadow", 3, 1, "mara"),
    ]


async def test_seeding_again_or_at_once_changes_nothing(database: Database, tenant_id: UUID):
    await store(database, make_rule(tenant_id, rule_type="replied_before", mode="on", priority=7))

    added = await asyncio.gather(*(seed(database, tenant_id) for _ in range(4)))

    assert sorted(name for names in added for name in names) == ["high_icp_score", "known_good_recipient"]
    rules = {rule.rule_type: rule for rule in await rules_of(database, tenant_id)}
    assert set(rules) == ALL
    assert (rules["replied_before"].mode, rules["replied_before"].priority) == ("on", 7)


async def test_mails_and_replies_are_counted_by_canonical_address(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await recipients.count_reply(session, tenant_id, "ada@fabrikam.example")
        await recipients.count_send(session, tenant_id, "Ada@Fabrikam.example", NOON)
        await recipients.count_send(session, tenant_id, "ada+x@fabrikam.example", NOON - dt.timedelta(days=1))
        await recipients.count_reply(session, tenant_id, "ADA@fabrikam.example")

    known = await recipient_of(database, tenant_id, "ada@fabrikam.example")

    assert known is not None
    assert (known.email, known.domain) == ("Ada@Fabrikam.example", "fabrikam.example")
    assert (known.total_sends, known.total_replies) == (2, 1)
    assert (known.first_approved_at, known.last_sent_at) == (NOON, NOON)


async def test_a_recipient_can_be_taken_off_the_list_once(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await recipients.count_send(session, tenant_id, "ada@fabrikam.example", NOON)
    known = await recipient_of(database, tenant_id, "ada@fabrikam.example")
    assert known is not None

    async with database.transaction(tenant_id) as session:
        assert await recipients.remove(session, tenant_id, known.id, actor="mara") == "ada@fabrikam.example"
        with pytest.raises(recipients.RecipientNotFound):
            await recipients.remove(session, tenant_id, known.id, actor="mara")
        with pytest.raises(recipients.RecipientNotFound):
            await recipients.remove(session, tenant_id, new_id(), actor="mara")

    assert await recipient_of(database, tenant_id, "ada@fabrikam.example") is None
