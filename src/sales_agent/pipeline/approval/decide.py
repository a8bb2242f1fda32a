"""Deciding about one draft: gathers what is known, evaluates, logs the decision with its inputs, moves the draft."""

import datetime as dt
import math
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.mail_domains import domain_of
from sales_agent.kit.addresses import canonical_address
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.approvals import grant
from sales_agent.pipeline.approval.engine import Decision, DecisionKind, decision_of, evaluate
from sales_agent.pipeline.approval.fingerprint import stored_world
from sales_agent.pipeline.approval.inputs import (
    DecisionInputs,
    DecisionSwitches,
    FindingsSummary,
    RuleMode,
    RuleSetting,
    inputs_document,
)
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.repository import DecisionRepository, RecipientRepository, RuleRepository
from sales_agent.pipeline.approval.rules import newest
from sales_agent.pipeline.drafting.create import DraftNotFound, set_state
from sales_agent.pipeline.drafting.documents import findings_of
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.records.conversations.repository import ConversationRepository
from sales_agent.records.leads.repository import CompanyRepository, ContactRepository

_STATES = {
    DecisionKind.AUTO_APPROVED: DraftState.AUTO_APPROVED,
    DecisionKind.NEEDS_REVIEW: DraftState.NEEDS_REVIEW,
    DecisionKind.BLOCKED: DraftState.BLOCKED,
}

# Replies of any age are gathered: how old one may be is for the rule to say.
_EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


async def decide(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, switches: DecisionSwitches, now: dt.datetime
) -> Decision:
    """Decide about the newest version of a draft in state drafting, once: asked again, the logged decision answers.

    Raises DraftNotFound, DraftMoveNotAllowed. `switches` must have been read in this transaction.
    """
    drafts = DraftRepository(session, tenant_id)
    if await drafts.locked(draft_id) is None:
        raise DraftNotFound(draft_id=draft_id)
    found = await drafts.get(draft_id)
    if found is None:
        raise DraftNotFound(draft_id=draft_id)
    draft, version = found
    decisions = DecisionRepository(session, tenant_id)
    logged = await decisions.get(draft_id, version.version)
    if logged is not None:
        return decision_of(logged)
    inputs = await _gather(session, tenant_id, draft, version, switches, now)
    decision = evaluate(inputs)
    await decisions.add(draft_id, version.version, inputs=inputs_document(inputs), **_columns(decision))
    await set_state(session, tenant_id, draft_id, _STATES[decision.decision], reason=decision.reasons[0])
    if decision.decision is DecisionKind.AUTO_APPROVED:
        await grant(
            session,
            tenant_id,
            draft,
            version,
            actor=f"rule:{decision.rule_type}",
            world=await stored_world(session, tenant_id, draft, version),
            rule_type=decision.rule_type,
            rule_version=decision.rule_version,
        )
    await _record(session, tenant_id, draft, decision)
    return decision


async def _gather(
    session: AsyncSession,
    tenant_id: UUID,
    draft: Draft,
    version: DraftVersion,
    switches: DecisionSwitches,
    now: dt.datetime,
) -> DecisionInputs:
    recipient = canonical_address(draft.to_address)
    contact = await ContactRepository(session, tenant_id).get(draft.contact_id)
    company_id = contact.company_id if contact is not None else None
    company = await CompanyRepository(session, tenant_id).get(company_id) if company_id is not None else None
    known = await RecipientRepository(session, tenant_id).by_address(recipient)
    fit = contact.fit_score if contact is not None else None
    return DecisionInputs(
        draft_id=draft.id,
        draft_version=version.version,
        body_hash=version.body_hash,
        recipient=recipient,
        recipient_domain=domain_of(recipient),
        company_domain=company.domain.strip().lower().removeprefix("www.") if company is not None else "",
        fit_score=fit if fit is not None and math.isfinite(fit) else None,
        last_reply_at=await ConversationRepository(session, tenant_id).newest_reply_from(
            draft.contact_id, recipient, _EVER
        ),
        earlier_sends=known.total_sends if known is not None else 0,
        findings=FindingsSummary.of(findings_of(version.findings) if version.findings is not None else None),
        switches=switches,
        rules=tuple(_setting(rule) for rule in await RuleRepository(session, tenant_id).all()),
        now=now,
    )


def _setting(rule: AutoApprovalRule) -> RuleSetting:
    code = newest().get(rule.rule_type)
    return RuleSetting(
        rule.rule_type,
        rule.version,
        RuleMode(rule.mode),
        rule.priority,
        rule.confidence,
        rule.conditions,
        revision=code.revision if code is not None else 1,
    )


def _columns(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.decision,
        "rule_type": decision.rule_type,
        "rule_version": decision.rule_version,
        "would_approve": decision.would_approve,
        "confidence": decision.confidence,
        "reasons": list(decision.reasons),
    }


async def _record(session: AsyncSession, tenant_id: UUID, draft: Draft, decision: Decision) -> None:
    facts = {
        "decision": decision.decision,
        "rule": decision.rule_type,
        "rule_version": decision.rule_version,
        "would_approve": decision.would_approve,
        "version": draft.version,
    }
    entry = AuditEntry(
        "approval.decided", subject=("draft", draft.id), run_id=draft.run_id, draft_id=draft.id, facts=facts
    )
    await record(session, tenant_id, entry)
