"""While a rule is on, each draft it lets go counts once; people who disagree too often put it back into shadow."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.approval.doubt import LIMIT, doubt_of
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import RuleObservation
from sales_agent.pipeline.approval.modes import Override, disable, enable
from sales_agent.pipeline.approval.repository import RuleRepository
from sales_agent.pipeline.approval.standing import Standing, standings
from sales_agent.pipeline.approval.versions import RuleChange, change_rule
from sales_agent.pipeline.drafting.repository import DraftRepository
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving
from tests.factories.drafting import checked_draft
from tests.factories.earning import APPROVED, decided_by_people, let_go_by_a_rule, observed
from tests.factories.pipeline import make_draft_version, make_rule
from tests.factories.store import count_of, store

# With a claim of 0.9, three people who disagree at once disprove it.
SOON = 3
TYPE = "known_good_recipient"


@pytest.fixture
async def rule_id(database: Database, tenant_id: UUID) -> UUID:
    """A rule that an owner has put on."""
    rule = make_rule(tenant_id, rule_type=TYPE, conditions={"min_sends": 1}, confidence=0.9)
    await store(database, rule)
    await put_on(database, tenant_id, rule.id)
    return rule.id


async def put_on(database: Database, tenant_id: UUID, rule_id: UUID) -> None:
    async with database.transaction(tenant_id) as session:
        await enable(session, tenant_id, rule_id, actor="user:olga", override=Override("Try it.", is_owner=True))


async def observe_new(database: Database, tenant_id: UUID, outcomes: str) -> None:
    """A new draft for each sign: people agreed (+), or took it back (-)."""
    for sign in outcomes:
        draft_id = await let_go_by_a_rule(database, tenant_id)
        await observed(database, tenant_id, draft_id, agreed=sign == "+")


async def standing(database: Database, tenant_id: UUID) -> Standing:
    async with database.transaction(tenant_id) as session:
        return (await standings(session, tenant_id))[0]


async def mode(database: Database, tenant_id: UUID) -> str:
    async with database.transaction(tenant_id) as session:
        return (await RuleRepository(session, tenant_id).all())[0].mode


async def demotions(database: Database, tenant_id: UUID) -> list[dict[str, object]]:
    async with database.transaction(tenant_id) as session:
        events = await session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "rule.demoted"))
        return [event.facts for event in events]


async def test_people_who_disagree_too_often_put_it_into_shadow_and_the_evidence_is_kept(
    database: Database, tenant_id: UUID, rule_id: UUID
):
    await observe_new(database, tenant_id, "-" * (SOON - 1))
    assert await mode(database, tenant_id) == RuleMode.ON

    await observe_new(database, tenant_id, "-")

    now = await standing(database, tenant_id)
    assert now.rule.mode == RuleMode.SHADOW
    assert (now.doubt.observed, now.doubt.disagreed) == (SOON, SOON)
    assert now.doubt.weight >= LIMIT
    assert now.last_move is not None
    assert (now.last_move.cause, now.last_move.actor) == ("demoted", "system")
    assert now.last_move.reason.startswith("People took back 3 of 3 drafts since it was put on")
    (facts,) = await demotions(database, tenant_id)
    assert (facts["observed"], facts["disagreed"], facts["claim"], facts["before"]) == (SOON, SOON, 0.9, "on")


async def test_people_who_agree_leave_it_on(database: Database, tenant_id: UUID, rule_id: UUID):
    await observe_new(database, tenant_id, "+" * 20 + "-" + "+" * 9 + "-")

    assert await mode(database, tenant_id) == RuleMode.ON
    assert (await standing(database, tenant_id)).doubt == doubt_of([True] * 20 + [False] + [True] * 9 + [False], 0.9)


async def test_a_draft_counts_once_whatever_is_told_of_it_later(database: Database, tenant_id: UUID, rule_id: UUID):
    draft_id = await let_go_by_a_rule(database, tenant_id)

    await asyncio.gather(*(observed(database, tenant_id, draft_id, agreed=False) for _ in range(5)))
    await observed(database, tenant_id, draft_id, agreed=True)

    now = await standing(database, tenant_id)
    assert (now.rule.mode, now.doubt.observed, now.doubt.disagreed) == (RuleMode.ON, 1, 1)


async def test_disagreement_at_the_same_moment_demotes_once(database: Database, tenant_id: UUID, rule_id: UUID):
    drafts = [await let_go_by_a_rule(database, tenant_id) for _ in range(6)]

    await asyncio.gather(*(observed(database, tenant_id, draft_id, agreed=False) for draft_id in drafts))

    assert await mode(database, tenant_id) == RuleMode.SHADOW
    assert len(await demotions(database, tenant_id)) == 1
    assert (await standing(database, tenant_id)).doubt.observed == 6


async def test_drafts_that_no_rule_let_go_say_nothing(database: Database, tenant_id: UUID, rule_id: UUID):
    by_people = await decided_by_people(database, tenant_id, [APPROVED])
    undecided = (await checked_draft(database, tenant_id)).draft_id

    for draft_id in (*by_people, undecided):
        await observed(database, tenant_id, draft_id, agreed=True)
        await observed(database, tenant_id, draft_id, agreed=False)

    assert await count_of(database, tenant_id, RuleObservation) == 0


async def test_other_words_than_the_rule_had_seen_are_not_to_its_credit(
    database: Database, tenant_id: UUID, rule_id: UUID
):
    draft_id = await let_go_by_a_rule(database, tenant_id)
    await store(database, make_draft_version(tenant_id, draft_id, version=2))
    async with database.transaction(tenant_id) as session:
        await DraftRepository(session, tenant_id).change(draft_id, version=2)

    await observed(database, tenant_id, draft_id, agreed=True)
    assert await count_of(database, tenant_id, RuleObservation) == 0
    await observed(database, tenant_id, draft_id, agreed=False)
    assert (await standing(database, tenant_id)).doubt.disagreed == 1


async def test_once_in_shadow_what_is_still_on_its_way_is_counted_and_demotes_nothing(
    database: Database, tenant_id: UUID, rule_id: UUID
):
    await observe_new(database, tenant_id, "-" * (SOON + 2))

    assert (await standing(database, tenant_id)).doubt.observed == SOON + 2
    assert len(await demotions(database, tenant_id)) == 1


async def test_whoever_puts_it_on_again_begins_anew(database: Database, tenant_id: UUID, rule_id: UUID):
    await observe_new(database, tenant_id, "-" * SOON)
    await put_on(database, tenant_id, rule_id)
    assert (await standing(database, tenant_id)).doubt == doubt_of([], 0.9)

    await observe_new(database, tenant_id, "--")
    assert await mode(database, tenant_id) == RuleMode.ON
    await observe_new(database, tenant_id, "-")
    assert await mode(database, tenant_id) == RuleMode.SHADOW


async def test_what_an_older_version_let_go_is_not_held_against_the_next(
    database: Database, tenant_id: UUID, rule_id: UUID
):
    late = [await let_go_by_a_rule(database, tenant_id, version=1) for _ in range(4)]
    async with database.transaction(tenant_id) as session:
        wish = RuleChange(conditions={"min_sends": 2})
        await change_rule(session, tenant_id, rule_id, wish, expected_version=1, actor="user:mara")
    await put_on(database, tenant_id, rule_id)

    for draft_id in late:
        await observed(database, tenant_id, draft_id, agreed=False)

    now = await standing(database, tenant_id)
    assert (now.rule.mode, now.rule.version, now.doubt.observed) == (RuleMode.ON, 2, 0)


async def test_a_demoted_rule_has_to_earn_its_right_again(database: Database, tenant_id: UUID):
    """What people took back while it was on is among the decisions that its bound is over."""
    rule = make_rule(tenant_id, rule_type=TYPE, conditions={"min_sends": 1}, confidence=0.9)
    await store(database, rule)
    await decided_by_people(database, tenant_id, [APPROVED] * 50)
    async with database.transaction(tenant_id) as session:
        assert (await enable(session, tenant_id, rule.id, actor="user:mara")).mode is RuleMode.ON
    await observe_new(database, tenant_id, "-" * SOON)
    await decided_by_people(database, tenant_id, ["cancel_auto"] * SOON)

    async with database.transaction(tenant_id) as session:
        moved = await enable(session, tenant_id, rule.id, actor="user:mara")

    assert moved.mode is RuleMode.SHADOW
    assert "0.9 is claimed" in moved.message


async def test_a_rule_that_is_off_stays_off(database: Database, tenant_id: UUID, rule_id: UUID):
    async with database.transaction(tenant_id) as session:
        await disable(session, tenant_id, rule_id, actor="user:mara")

    await observe_new(database, tenant_id, "-----")

    assert await mode(database, tenant_id) == RuleMode.OFF


async def test_a_rule_that_was_on_before_anybody_counted_is_watched_too(database: Database, tenant_id: UUID):
    await store(database, make_rule(tenant_id, rule_type=TYPE, confidence=0.9, mode="on"))

    await observe_new(database, tenant_id, "-" * SOON)

    assert await mode(database, tenant_id) == RuleMode.SHADOW


async def test_each_tenant_s_people_judge_their_own_rule(
    database: Database, tenant_id: UUID, other_tenant_id: UUID, rule_id: UUID
):
    await store(database, make_rule(other_tenant_id, rule_type=TYPE, confidence=0.9, mode="on"))

    await observe_new(database, other_tenant_id, "-" * SOON)

    assert await mode(database, tenant_id) == RuleMode.ON
    assert await mode(database, other_tenant_id) == RuleMode.SHADOW


@pytest.fixture
async def client(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(database_urls.app, data_dir) as client:
        client.headers.update(await headers_for(database, tenant_id, Scope.READ))
        yield client


async def test_the_list_of_rules_shows_how_it_does_and_why_it_was_demoted(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, rule_id: UUID
):
    await observe_new(database, tenant_id, "+-")
    (before,) = (await client.get("/api/admin/rules")).json()["rules"]
    await observe_new(database, tenant_id, "---")
    (after,) = (await client.get("/api/admin/rules")).json()["rules"]

    assert (before["watch"]["observed"], before["watch"]["disagreed"], before["watch"]["demoted_at"]) == (2, 1, None)
    assert before["watch"]["limit"] == LIMIT > before["watch"]["doubt"] > 1
    assert (after["mode"], after["watch"]["demoted_at"] is None) == ("shadow", False)
    assert after["watch"]["doubt"] >= LIMIT
    assert after["last_move"]["reason"].startswith("People took back 3 of 4 drafts")


async def test_the_share_of_drafts_sent_without_a_hand_on_them(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    assert (await client.get("/api/admin/rules")).json()["sent_without_a_hand"] == {
        "sent": 0,
        "unattended": 0,
        "share": None,
    }
    await store(database, make_rule(tenant_id, rule_type=TYPE, confidence=0.9, mode="on"))
    for state in ("sent", "sent", "sent", "simulated", "auto_approved"):
        draft_id = await let_go_by_a_rule(database, tenant_id, state=state)
        if state == "sent":
            await observed(database, tenant_id, draft_id, agreed=True)
    await let_go_by_a_rule(database, tenant_id, state="sent")  # and then sent by a person in the mailbox itself
    by_people = await decided_by_people(database, tenant_id, [APPROVED, APPROVED])
    async with database.transaction(tenant_id) as session:
        await session.execute(sa.text("update draft set state = 'sent' where id = :id"), {"id": by_people[0]})

    shown = (await client.get("/api/admin/rules")).json()["sent_without_a_hand"]

    assert shown == {"sent": 5, "unattended": 3, "share": 0.6}
