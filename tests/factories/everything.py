"""One row in every tenant-owned table, so that a test of the walls can leave no table out."""

from uuid import UUID

from sales_agent.kit.tables import Base, TenantOwned
from tests.factories import access, controls, effects, ledger, pipeline, records


def one_row_each(tenant_id: UUID) -> list[TenantOwned]:
    """Rows in an order in which they can be stored."""
    contact, submission = records.make_contact(tenant_id), records.make_submission(tenant_id)
    thread, job = records.make_thread(tenant_id, contact.id), pipeline.make_job(tenant_id)
    draft, run = pipeline.make_draft(tenant_id, contact.id), pipeline.make_run(tenant_id, submission.id)
    return [
        *(access.make_webhook_source(tenant_id), access.make_credential(tenant_id), access.make_api_key(tenant_id)),
        *(ledger.make_audit_event(tenant_id), ledger.make_audit_seal(tenant_id), ledger.make_usage_event(tenant_id)),
        *(controls.make_kill_switch(tenant_id), controls.make_setting(tenant_id), controls.make_suppression(tenant_id)),
        effects.make_effect(tenant_id),
        *(submission, records.make_company(tenant_id), contact, records.make_deal(tenant_id, contact.id)),
        *(thread, records.make_message(tenant_id, thread.id), records.make_asset(tenant_id)),
        *(records.make_lead_memory(tenant_id, contact.id), records.make_task(tenant_id, contact.id)),
        records.make_note(tenant_id, contact.id),
        *(job, pipeline.make_failed_task(tenant_id, job.id)),
        *(draft, pipeline.make_draft_version(tenant_id, draft.id), pipeline.make_voice_profile(tenant_id)),
        *(pipeline.make_rule(tenant_id), pipeline.make_decision(tenant_id, draft.id)),
        *(pipeline.make_approved_recipient(tenant_id), run, pipeline.make_step_run(tenant_id, run.id)),
    ]


def tables_of(rows: list[TenantOwned]) -> set[str]:
    return {row.__tablename__ for row in rows if isinstance(row, Base)}
