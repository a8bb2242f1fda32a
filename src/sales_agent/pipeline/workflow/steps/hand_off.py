"""Step 13: label the thread, remember what was done, and leave the draft where it belongs."""

import structlog

from sales_agent.agents.long_memory import PastOutcome, memory_text
from sales_agent.agents.next_step import PlannedStep
from sales_agent.connectors.errors import Permanent, RateLimited, Transient
from sales_agent.connectors.llm.port import Embedder
from sales_agent.effects.once import EffectRequest, EffectsDoor
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import (
    DecidedVersion,
    HandedOff,
    ResolvedContact,
    RunFacts,
    StoredDraft,
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
    mail_draft: StoredDraft,
    db: TenantDatabase,
    embedder: Embedder,
    effects: EffectsDoor,
) -> HandedOff:
    """The draft waits for a person or as auto-approved; nothing is sent from here yet."""
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
    return HandedOff(draft_state=decided.decision, label=LABEL if label_status else "", label_status=label_status)


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
