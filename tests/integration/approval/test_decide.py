"""A decision is made once about exactly these words, and can be judged again from what was logged with it."""

import asyncio
import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from sales_agent.connectors.mail.reader import MailMessage
from sales_agent.content import Finding
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval import recipients
from sales_agent.pipeline.approval.engine import DecisionKind
from sales_agent.pipeline.approval.inputs import DecisionSwitches
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.drafting.create import DraftNotFound, save
from sales_agent.pipeline.drafting.models import Draft
from sales_agent.pipeline.drafting.repository import DraftRepository
from tests.factories.deciding import OURS, REPLY, decided, logged, with_messages
from tests.factories.decisions import NOW
from tests.factories.drafting import (
    BLOCK,
    NOTE,
    WARNING,
    checked_draft,
    in_other_words,
    make_new_draft,
    saved,
)
from tests.factories.records import make_company, make_contact
from tests.factories.store import store


async def draft_of(database: Database, tenant_id: UUID, draft_id: UUID) -> Draft:
    async with database.transaction(tenant_id) as session:
        found = await DraftRepository(session, tenant_id).get(draft_id)
    assert found is not None
    return found[0]


async def test_who_replied_lately_gets_a_draft_that_waits_as_auto_approved(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, NOTE, contact_id=contact_id, to_address="Ada+news@Fabrikam.example")

    decision = await decided(database, tenant_id, kept.draft_id)

    assert (decision.decision, decision.rule_type, decision.rule_version) == (
        DecisionKind.AUTO_APPROVED,
        "replied_before",
        4,
    )
    draft = await draft_of(database, tenant_id, kept.draft_id)
    assert (draft.state, draft.state_reason) == (
        "auto_approved",
        "replied_before (on): the recipient replied 10 days ago",
    )


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(replace(REPLY, is_automatic=True), id="an auto-reply"),
        pytest.param(replace(REPLY, from_address="mailer-daemon@fabrikam.example"), id="a bounce"),
        pytest.param(replace(REPLY, references="<guess@mail.northwind.example>"), id="a forged sender"),
        pytest.param(replace(REPLY, label_ids=("SPAM",)), id="spam"),
        pytest.param(replace(REPLY, sent_at=NOW - dt.timedelta(days=91)), id="a reply too long ago"),
    ],
)
async def test_what_only_looks_like_a_reply_approves_nothing(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule], message: MailMessage
):
    contact_id = await with_messages(database, tenant_id, replace(OURS, sent_at=NOW - dt.timedelta(days=200)), message)
    kept = await checked_draft(database, tenant_id, contact_id=contact_id)

    decision = await decided(database, tenant_id, kept.draft_id)

    assert (decision.decision, decision.rule_type) == (DecisionKind.NEEDS_REVIEW, None)


async def test_who_was_written_to_before_is_known_until_taken_off_the_list(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    async with database.transaction(tenant_id) as session:
        await recipients.count_send(session, tenant_id, "ADA@fabrikam.example", NOW - dt.timedelta(days=400))
    first, second = await checked_draft(database, tenant_id), await checked_draft(database, tenant_id)

    assert (await decided(database, tenant_id, first.draft_id)).rule_type == "known_good_recipient"
    async with database.transaction(tenant_id) as session:
        _, (known,) = await recipients.RecipientRepository(session, tenant_id).page(limit=5, offset=0)
        await recipients.remove(session, tenant_id, known.id, actor="mara")
    assert (await decided(database, tenant_id, second.draft_id)).rule_type is None


@pytest.mark.parametrize(
    ("domain", "score", "rule"),
    [
        ("www.Fabrikam.example", 0.9, "high_icp_score"),
        ("fabrikam.example", 0.89, None),
        ("contoso.example", 1.0, None),
    ],
)
async def test_a_good_fit_from_the_company_s_own_domain_is_enough(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule], domain: str, score: float, rule: str | None
):
    company = make_company(tenant_id, domain=domain)
    contact = make_contact(tenant_id, company_id=company.id, fit_score=score)
    await store(database, company, contact)
    kept = await checked_draft(database, tenant_id, contact_id=contact.id)

    assert (await decided(database, tenant_id, kept.draft_id)).rule_type == rule


@pytest.mark.parametrize(
    ("findings", "state"), [((), "auto_approved"), ((NOTE, WARNING), "needs_review"), ((WARNING, BLOCK), "blocked")]
)
async def test_findings_decide_where_the_draft_goes(
    database: Database,
    tenant_id: UUID,
    rules: list[AutoApprovalRule],
    findings: tuple[Finding, ...],
    state: str,
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, *findings, contact_id=contact_id)

    await decided(database, tenant_id, kept.draft_id)

    assert (await draft_of(database, tenant_id, kept.draft_id)).state == state


async def test_a_draft_that_was_never_checked_waits_for_a_person(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await saved(database, tenant_id, make_new_draft(contact_id))

    decision = await decided(database, tenant_id, kept.draft_id)

    assert (decision.decision, decision.reasons[0]) == (DecisionKind.NEEDS_REVIEW, "the draft was never checked")


async def test_switches_that_are_not_open_leave_the_draft_to_a_person_and_say_what_would_have_been(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, contact_id=contact_id)

    decision = await decided(database, tenant_id, kept.draft_id, DecisionSwitches())

    assert (decision.decision, decision.would_approve) == (DecisionKind.NEEDS_REVIEW, True)
    assert decision.reasons[:3] == (
        "the kill switch is on",
        "auto-approval is off",
        "every draft waits for a person",
    )


async def test_without_rules_every_draft_waits(database: Database, tenant_id: UUID):
    kept = await checked_draft(database, tenant_id)

    assert (await decided(database, tenant_id, kept.draft_id)).decision is DecisionKind.NEEDS_REVIEW


async def test_a_second_call_gives_the_logged_decision_whatever_has_changed_since(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, contact_id=contact_id)

    first = await decided(database, tenant_id, kept.draft_id)
    again = await decided(database, tenant_id, kept.draft_id, DecisionSwitches())

    assert again == first


async def test_calls_at_the_same_moment_make_one_decision(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    kept = await checked_draft(database, tenant_id)

    decisions = await asyncio.gather(*(decided(database, tenant_id, kept.draft_id) for _ in range(5)))

    assert len(set(decisions)) == 1


async def test_new_words_are_decided_about_anew(database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]):
    new = make_new_draft(await with_messages(database, tenant_id, OURS, REPLY))
    kept = await checked_draft(database, tenant_id, contact_id=new.contact_id, run_id=new.run_id)
    await decided(database, tenant_id, kept.draft_id)

    async with database.transaction(tenant_id) as session:
        await save(session, tenant_id, replace(new, content=in_other_words("Other")))
    decision = await decided(database, tenant_id, kept.draft_id)

    assert decision.reasons[0] == "the draft was never checked"
    assert (await logged(database, tenant_id, kept.draft_id, 1)).decision == "auto_approved"
    assert (await logged(database, tenant_id, kept.draft_id, 2)).decision == "needs_review"


async def test_a_draft_that_is_not_there_is_not_decided_about(database: Database, tenant_id: UUID):
    with pytest.raises(DraftNotFound):
        await decided(database, tenant_id, new_id())
