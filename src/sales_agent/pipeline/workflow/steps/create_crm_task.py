"""Step 12: a task for the seller and a note of what was found, at the contact and its company."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.business_days import next_business_days
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import PlannedStep
from sales_agent.agents.reading import ThreadReading
from sales_agent.controls.settings import SellerProfile
from sales_agent.effects.models import EffectStatus
from sales_agent.effects.once import EffectOutcome, EffectRequest, EffectsDoor
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import (
    DecidedVersion,
    LoggedInCrm,
    ResolvedContact,
    RunFacts,
    StoredDraft,
)
from sales_agent.pipeline.workflow.steps.crm_kinds import CREATE_NOTE, CREATE_TASK, NoteWish, TaskWish
from sales_agent.pipeline.workflow.steps.note_text import note_text
from sales_agent.pipeline.workflow.steps.plan_next_step import UNPLANNED
from sales_agent.records.activities.repository import ActivityRepository

DUE_BUSINESS_DAYS = 2
DUE_AT = dt.time(9, 0)


async def create_crm_task(
    run: RunFacts,
    contact: ResolvedContact,
    reading: ThreadReading | None,
    assets: RankedAssets | None,
    slots: ProposedSlots | None,
    plan: PlannedStep | None,
    decided: DecidedVersion,
    mail_draft: StoredDraft,
    seller: SellerProfile,
    db: TenantDatabase,
    effects: EffectsDoor,
    clock: Clock,
) -> LoggedInCrm:
    """Two effects; where the contact is still held, both wait for it."""
    lead, plan = contact.lead(run), plan or UNPLANNED
    who = lead.known("firstname") or lead.company_name or "the lead"
    due_at = due(clock.now(), seller)
    task = TaskWish(
        subject=f"Follow up with {who}: {plan.call_to_action.value.replace('_', ' ')}",
        body=f"A draft {'lies in Gmail' if mail_draft.mail_draft_id else 'waits in Sales Agent'}. {plan.reason}",
        due_at=due_at,
        contact_crm_id=contact.crm_id,
        company_crm_id=contact.company_crm_id,
        owner_id=contact.owner_id,
    )
    body = note_text(run, contact, reading=reading, assets=assets, slots=slots, plan=plan, decided=decided)
    note = NoteWish(body, clock.now(), contact.crm_id, contact.company_crm_id)
    task_outcome = await effects.once(_request(run, CREATE_TASK.name, task, contact.effect_id))
    await _keep_task(db, run, contact, task_outcome, task)
    note_outcome = await effects.once(_request(run, CREATE_NOTE.name, note, contact.effect_id))
    await _keep_note(db, run, contact, note_outcome, body)
    return LoggedInCrm(
        task_status=task_outcome.status.value,
        task_id=task_outcome.provider_id,
        note_status=note_outcome.status.value,
        note_id=note_outcome.provider_id,
        due_at=due_at,
    )


def due(now: dt.datetime, seller: SellerProfile) -> dt.datetime:
    """Nine in the morning, two of the seller's business days from now, in the seller's zone."""
    zone = ZoneInfo(seller.time_zone)
    days = next_business_days((seller.country,), now.astimezone(zone).date(), DUE_BUSINESS_DAYS, horizon=30)
    return dt.datetime.combine(days[-1], DUE_AT, zone).astimezone(dt.UTC)


def _request(run: RunFacts, kind: str, wish: TaskWish | NoteWish, depends_on: UUID | None) -> EffectRequest:
    return EffectRequest(f"{run.run_id}:{kind}", kind, wish, run.run_id, depends_on)


async def _keep_task(
    db: TenantDatabase, run: RunFacts, contact: ResolvedContact, outcome: EffectOutcome, task: TaskWish
) -> None:
    async with db.transaction() as session:
        activities = ActivityRepository(session, db.tenant_id)
        await activities.upsert_task(
            run.run_id,
            contact_id=contact.contact_id,
            effect_id=outcome.effect_id,
            subject=task.subject,
            due_at=task.due_at,
        )
        if outcome.status is EffectStatus.DONE:
            await activities.set_task_crm_id(outcome.effect_id, outcome.provider_id)


async def _keep_note(
    db: TenantDatabase, run: RunFacts, contact: ResolvedContact, outcome: EffectOutcome, body: str
) -> None:
    async with db.transaction() as session:
        activities = ActivityRepository(session, db.tenant_id)
        await activities.upsert_note(run.run_id, contact_id=contact.contact_id, effect_id=outcome.effect_id, body=body)
        if outcome.status is EffectStatus.DONE:
            await activities.set_note_crm_id(outcome.effect_id, outcome.provider_id)
