"""What was logged with a decision leads to it again, and the audit trail names nobody."""

from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.approval.engine import DecisionKind, decision_of, reevaluate
from sales_agent.pipeline.approval.inputs import DecisionInputs, DecisionSwitches, inputs_of
from sales_agent.pipeline.approval.models import AutoApprovalLog, AutoApprovalRule
from tests.factories.deciding import ADA, OURS, REPLY, decided, logged, with_messages
from tests.factories.decisions import NOW, OPEN
from tests.factories.drafting import BLOCK, NOTE, WARNING, checked_draft, stored_contact


async def inputs_for(database: Database, tenant_id: UUID, draft_id: UUID) -> DecisionInputs:
    await decided(database, tenant_id, draft_id)
    return inputs_of((await logged(database, tenant_id, draft_id)).inputs)


async def test_every_logged_decision_is_reached_again_from_its_inputs(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    known = await with_messages(database, tenant_id, OURS, REPLY)
    for findings in ((), (NOTE,), (WARNING,), (BLOCK,)):
        for switches in (OPEN, DecisionSwitches(), replace(OPEN, operator_approval_required=True)):
            for contact_id in (known, await stored_contact(database, tenant_id)):
                kept = await checked_draft(database, tenant_id, *findings, contact_id=contact_id)
                await decided(database, tenant_id, kept.draft_id, switches)

    async with database.transaction(tenant_id) as session:
        log = (await session.scalars(sa.select(AutoApprovalLog))).all()

    assert len(log) == 24
    assert {row.decision for row in log} == set(DecisionKind)
    assert [row.id for row in log if reevaluate(row) != decision_of(row)] == []


async def test_the_log_holds_what_the_decision_was_based_on(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, NOTE, contact_id=contact_id, to_address="Ada+x@fabrikam.example")

    inputs = await inputs_for(database, tenant_id, kept.draft_id)

    assert (inputs.draft_id, inputs.draft_version, inputs.body_hash) == (kept.draft_id, 1, kept.body_hash)
    assert (inputs.recipient, inputs.recipient_domain, inputs.now) == (ADA, "fabrikam.example", NOW)
    assert (inputs.last_reply_at, inputs.switches) == (REPLY.sent_at, OPEN)
    assert [(rule.rule_type, rule.version) for rule in inputs.rules] == [
        ("replied_before", 4),
        ("known_good_recipient", 5),
        ("high_icp_score", 6),
    ]


async def test_the_audit_trail_says_who_decided_and_names_nobody(
    database: Database, tenant_id: UUID, rules: list[AutoApprovalRule]
):
    contact_id = await with_messages(database, tenant_id, OURS, REPLY)
    kept = await checked_draft(database, tenant_id, contact_id=contact_id)
    await decided(database, tenant_id, kept.draft_id)

    async with database.transaction(tenant_id) as session:
        events = (await session.scalars(sa.select(AuditEvent).where(AuditEvent.draft_id == kept.draft_id))).all()

    assert {(event.action, event.actor) for event in events} == {
        ("draft.drafting", "system"),
        ("draft.auto_approved", "system"),
        ("approval.granted", "rule:replied_before"),
        ("approval.decided", "system"),
    }
    assert not [event for event in events if "@" in str(event.facts) or "Ada" in str(event.facts)]
