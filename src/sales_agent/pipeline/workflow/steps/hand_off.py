"""Step 13: label the thread, remember what was done, and send the draft on its way or leave it to a person."""

import structlog

from sales_agent.agents.long_memory import PastOutcome, memory_text
from sales_agent.agents.next_step import PlannedStep
from sales_agent.connectors.errors import Permanent, RateLimited, Transient
from sales_agent.connectors.llm.port import Embedder
from sales_agent.controls.sending_policy import SendingPolicy, read_sending_policy
from sales_agent.controls.settings import Switches, read_switches
from sales_agent.effects.once import EffectRequest, EffectsDoor
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.outgoing import queue_send
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.workflow.state import (
    DecidedVersion,
    HandedOff,
    ResolvedContact,
    RunFacts,
    StoredDraft,
    WrittenVersion,
)
from sales_agent.pipeline.workflow.steps.mail_kinds import LABEL_THREAD, LabelWish
from sales_agent.pipeline.workflow.steps.plan_next_step import UNPLANNED
from sales_agent.records.memory.repository import LeadMemoryRepository

log = structlog.get_logger()

LABEL = "Sales Agent"


async def hand_off(
    run: RunFacts,
    contact: ResolvedContact,
    plan: PlannedStep | None,
    decided: DecidedVersion,
    draft: WrittenVersion,
    mail_draft: StoredDraft,
    db: TenantDatabase,
    embedder: Embedder,
    effects: EffectsDoor,
    ceiling: Switches,
    sending_policy: SendingPolicy,
) -> HandedOff:
    """What a rule let go joins the queue of sends where that is allowed; everything else waits for a person."""
    label_status = ""
    if mail_draft.thread_id:
        outcome = await effects.once(
            EffectRequest(
                f"{run.run_id}:{LABEL_THREAD.name}",
                LABEL_THREAD.name,
                LabelWish(mail_draft.thread_id, LABEL),
                run.run_id,
            )
        )
        label_status = outcome.status.value
    await _remember(run, contact, plan or UNPLANNED, db, embedder)
    is_queued = decided.decision == DraftState.AUTO_APPROVED and await _queue(draft, db, ceiling, sending_policy)
    return HandedOff(
        draft_state=DraftState.QUEUED.value if is_queued else decided.decision,
        label=LABEL if label_status else "",
        label_status=label_status,
    )


async def _queue(draft: WrittenVersion, db: TenantDatabase, ceiling: Switches, default: SendingPolicy) -> bool:
    """Queue the send of what a rule let go, with the time to take it back; whether it is queued.

    Asked again at the moment of handing off: an admin may have turned a switch since the decision, or a person may
    have taken the draft up.
    """
    async with db.transaction() as session:
        switches = await read_switches(session, db.tenant_id, ceiling)
        if not (switches.real_sends and switches.auto_approve_enabled) or switches.operator_approval_required:
            return False
        present = await DraftRepository(session, db.tenant_id).locked(draft.draft_id)
        if present is None or (present.state, present.version) != (DraftState.AUTO_APPROVED, draft.version):
            return False
        policy = await read_sending_policy(session, db.tenant_id, default)
        await queue_send(session, db.tenant_id, draft.draft_id, actor=SYSTEM, delay_seconds=policy.undo_seconds)
    return True


async def _remember(
    run: RunFacts, contact: ResolvedContact, plan: PlannedStep, db: TenantDatabase, embedder: Embedder
) -> None:
    """What was done becomes something to learn from; with the embeddings away the lead is done all the same."""
    try:
        vectors = await embedder.embed([memory_text(contact.lead(run))])
    except (Transient, RateLimited, Permanent) as error:
        log.warning("memory.not_kept", code=error.code())
        return
    async with db.transaction() as session:
        await LeadMemoryRepository(session, db.tenant_id).remember(
            run.run_id,
            contact_id=contact.contact_id,
            model=embedder.model,
            embedding=vectors[0],
            call_to_action=plan.call_to_action.value,
            asset_id=plan.asset_id,
            outcome=PastOutcome.OPEN.value,
        )
