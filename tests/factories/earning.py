"""What people decided, as it lies in the database: drafts to known people, the rules' log, the decisions."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from sales_agent.kit.db import Database
from sales_agent.kit.tables import Base
from sales_agent.pipeline.approval.demotion import observe
from sales_agent.pipeline.approval.inputs import inputs_document
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from tests.factories.decisions import NOW, make_inputs
from tests.factories.pipeline import make_decision, make_draft, make_draft_version, make_operator_decision
from tests.factories.records import make_contact
from tests.factories.store import store

APPROVED, REJECTED = OperatorDecisionKind.APPROVE, OperatorDecisionKind.REJECT
HOUR = dt.timedelta(hours=1)


async def decided_by_people(
    database: Database, tenant_id: UUID, kinds: Iterable[OperatorDecisionKind], **inputs: object
) -> list[UUID]:
    """One draft to somebody who was written to before for each decision, in that order; the drafts."""
    contact = make_contact(tenant_id)
    rows: list[Base] = [contact]
    drafts: list[UUID] = []
    for number, kind in enumerate(kinds):
        draft = make_draft(tenant_id, contact.id)
        known = make_inputs(draft_id=draft.id, **{"earlier_sends": 1, **inputs})
        log = make_decision(tenant_id, draft.id, inputs=inputs_document(known))
        decided_at = NOW + HOUR + dt.timedelta(seconds=number)
        rows += [
            draft,
            log,
            make_operator_decision(tenant_id, draft.id, kind=kind, log_id=log.id, decided_at=decided_at),
        ]
        drafts.append(draft.id)
    await store(database, *rows)
    return drafts


async def let_go_by_a_rule(
    database: Database, tenant_id: UUID, *, rule_type: str = "known_good_recipient", version: int = 1, **changes: object
) -> UUID:
    """A draft that a rule approved."""
    contact = make_contact(tenant_id)
    draft = make_draft(tenant_id, contact.id, **{"state": "auto_approved", **changes})
    known = make_inputs(draft_id=draft.id, earlier_sends=1)
    log = make_decision(
        tenant_id,
        draft.id,
        decision="auto_approved",
        rule_type=rule_type,
        rule_version=version,
        would_approve=True,
        confidence=0.9,
        inputs=inputs_document(known),
    )
    await store(database, contact, draft, make_draft_version(tenant_id, draft.id), log)
    return draft.id


async def observed(database: Database, tenant_id: UUID, draft_id: UUID, *, agreed: bool) -> None:
    """What became of a draft, in a transaction of its own."""
    async with database.transaction(tenant_id) as session:
        await observe(session, tenant_id, draft_id, agreed=agreed)
