"""What the lead asked for in the form or in their last mail goes to a person, whatever a rule would say."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from sales_agent.agents.reading import ThreadReading
from sales_agent.connectors.mail.reader import MailMessage
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.engine import Decision, DecisionKind
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.workflow.state import FoundThreads, WrittenVersion
from sales_agent.pipeline.workflow.steps.check_draft import check_draft
from tests.factories.deciding import ADA, OURS, REPLY, decided, with_messages
from tests.factories.drafting import make_new_draft, saved
from tests.factories.mailbox import make_resolved, make_run_facts
from tests.factories.safety import COMPANY, FORM, SLOT, VOICE, claim, commitment, make_draft, request

CONTENT = make_draft(
    claim("You would like the connection before the summer.", FORM),
    request("Would one of these times suit you for a 30-minute call?"),
    commitment(f"- {SLOT.text}", SLOT),
    evidence=(FORM, COMPANY, SLOT),
).content
FOUND = FoundThreads(("t-1",), from_cache=False)
READ = ThreadReading()


async def decision_after_checks(
    database: Database,
    tenant_id: UUID,
    *messages: MailMessage,
    form: str = "",
    threads: FoundThreads | None = FOUND,
    reading: ThreadReading | None = READ,
) -> Decision:
    """The checks and the decision as the workflow runs them, for somebody who replied to us before."""
    contact_id = await with_messages(database, tenant_id, OURS, *messages)
    kept = await saved(database, tenant_id, make_new_draft(contact_id, content=CONTENT, to_address=ADA))
    draft = WrittenVersion(kept.draft_id, kept.version, kept.body_hash, None, "", "", "template", "1")
    await check_draft(
        make_run_facts(ADA, message=form),
        make_resolved(contact_id),
        threads,
        reading,
        assets=None,
        slots=None,
        draft=draft,
        voice=VOICE,
        seller=SellerProfile(),
        db=database.tenant(tenant_id),
    )
    return await decided(database, tenant_id, kept.draft_id)


async def test_an_everyday_mail_is_let_go(database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]):
    decision = await decision_after_checks(database, tenant_id, REPLY, form="Do you connect to SAP?")

    assert decision.decision is DecisionKind.AUTO_APPROVED, decision.reasons


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("Please stop emailing us.", "opt_out"),
        ("Ich m\u00f6chte mit einem Menschen sprechen.", "human"),
        ("We want 15% off.", "percentage"),
        ("Was kostet das?", "price"),
        ("Our lawyer will write to you.", "legal"),
    ],
)
async def test_no_rule_passes_what_the_form_asks_for(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule], said: str, topic: str
):
    decision = await decision_after_checks(database, tenant_id, REPLY, form=said)

    assert decision.decision is DecisionKind.NEEDS_REVIEW
    assert f"a person decides: escalate_{topic}" in decision.reasons
    assert not decision.would_approve


@pytest.mark.parametrize(
    "last",
    [
        replace(REPLY, text="Bitte schreiben Sie mir nicht mehr."),
        replace(REPLY, text="About the plants. " * 120 + "And please stop emailing us."),
        replace(REPLY, subject="Unsubscribe", text="Thank you."),
    ],
    ids=["in a short mail", "at the end of a long one", "in the subject"],
)
async def test_no_rule_passes_what_the_last_mail_asks_for_though_no_reading_tells_of_it(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule], last: MailMessage
):
    decision = await decision_after_checks(database, tenant_id, last)

    assert decision.decision is DecisionKind.NEEDS_REVIEW
    assert "a person decides: escalate_opt_out" in decision.reasons


async def test_what_they_quote_of_our_own_mail_is_not_what_they_ask_for(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    quoting = replace(
        REPLY, text="Tuesday is fine.\n\nOn Mon, 9 Nov 2026, Mara wrote:\n> To unsubscribe, reply STOP.\n"
    )

    assert (await decision_after_checks(database, tenant_id, quoting)).decision is DecisionKind.AUTO_APPROVED


async def test_an_automatic_note_asks_for_nothing(database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]):
    note = replace(
        REPLY,
        id="m-3",
        sent_at=REPLY.sent_at + dt.timedelta(hours=1),
        text="I am away. In urgent cases call me.",
        is_automatic=True,
    )

    assert (await decision_after_checks(database, tenant_id, REPLY, note)).decision is DecisionKind.AUTO_APPROVED


@pytest.mark.parametrize(("threads", "reading"), [(None, READ), (FOUND, None)], ids=["not found", "not read"])
async def test_where_the_mails_could_not_be_read_a_person_decides(
    database: Database,
    tenant_id: UUID,
    rules: list[AutoApprovalRule],
    threads: FoundThreads | None,
    reading: ThreadReading | None,
):
    decision = await decision_after_checks(database, tenant_id, REPLY, threads=threads, reading=reading)

    assert decision.decision is DecisionKind.NEEDS_REVIEW
    assert "a person decides: escalate_unread_mail" in decision.reasons
