"""Whatever a person does with a draft that a rule let go tells about the rule, in the very transaction."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval import operator, rewriting
from sales_agent.pipeline.approval.acting import Act
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.operator import RejectReason
from sales_agent.pipeline.approval.standing import Standing, standings
from sales_agent.pipeline.drafting.edited_content import Edit
from tests.factories.deciding import OURS, REPLY, decided, with_messages
from tests.factories.decisions import NOW
from tests.factories.drafting import checked_draft

Doing = Callable[[Act], Awaitable[object]]

TAKEN_BACK: dict[str, Doing] = {
    "withdrawn": operator.undo,
    "rejected": lambda act: operator.reject(act, RejectReason.TONE),
    "cancelled": operator.cancel,
    "written anew": lambda act: rewriting.regenerate(act, "Shorter."),
    "edited": lambda act: rewriting.edit(
        act,
        Edit(subject="Another subject"),
        seller=SellerProfile(name="Mara", email="mara@northwind.example", company="Northwind"),
    ),
}


async def auto_approved(database: Database, tenant_id: UUID) -> UUID:
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    draft_id = (await checked_draft(database, tenant_id, contact_id=contact_id)).draft_id
    assert (await decided(database, tenant_id, draft_id)).rule_type == "replied_before"
    return draft_id


async def done(database: Database, tenant_id: UUID, draft_id: UUID, what: Doing) -> None:
    async with database.transaction(tenant_id) as session:
        await what(Act(session, tenant_id, draft_id, "user:mara", NOW))


async def standing(database: Database, tenant_id: UUID) -> Standing:
    async with database.transaction(tenant_id) as session:
        return (await standings(session, tenant_id))[0]


@pytest.mark.parametrize("what", TAKEN_BACK)
async def test_what_a_person_takes_back_speaks_against_the_rule(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule], what: str
):
    draft_id = await auto_approved(database, tenant_id)

    await done(database, tenant_id, draft_id, TAKEN_BACK[what])

    now = await standing(database, tenant_id)
    assert (now.doubt.observed, now.doubt.disagreed) == (1, 1)
    assert now.score is not None


async def test_what_a_person_approves_as_it_is_speaks_for_the_rule(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    draft_id = await auto_approved(database, tenant_id)

    await done(database, tenant_id, draft_id, operator.approve)
    await done(database, tenant_id, draft_id, lambda act: operator.reject(act, RejectReason.TONE))

    now = await standing(database, tenant_id)
    assert (now.doubt.observed, now.doubt.disagreed) == (1, 0)


async def test_people_who_take_back_draft_after_draft_end_its_right_while_they_do(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    for _ in range(3):
        assert (await standing(database, tenant_id)).rule.mode == "on"
        await done(database, tenant_id, await auto_approved(database, tenant_id), operator.undo)

    assert (await standing(database, tenant_id)).rule.mode == "shadow"


async def test_their_decisions_are_scored_with_what_was_logged_before(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    await done(database, tenant_id, await auto_approved(database, tenant_id), operator.approve)
    await done(database, tenant_id, await auto_approved(database, tenant_id), operator.undo)
    await done(database, tenant_id, await auto_approved(database, tenant_id), TAKEN_BACK["edited"])

    score = (await standing(database, tenant_id)).score

    assert score is not None
    assert (score.scored, score.matched, score.agreed, dict(score.excluded)) == (3, 3, 1, {})
    assert [row.reason_code for row in score.would_have_sent] == ["withdrawn", "edited"]
