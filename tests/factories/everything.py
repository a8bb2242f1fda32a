"""One row in every tenant-owned table, tied to each other as in life: one lead, from its form to its decision."""

from uuid import UUID

from sales_agent.kit.tables import TenantOwned
from tests.factories import access, controls, effects, ledger, pipeline, records, rules, sending


def one_row_each(tenant_id: UUID) -> list[TenantOwned]:
    """Rows in an order in which they can be stored."""
    submission, contact = records.make_submission(tenant_id), records.make_contact(tenant_id)
    run_id = submission.run_id
    effect, thread = (
        effects.make_effect(
            tenant_id,
            run_id=run_id,
            status="unknown",
            intended_at=pipeline.YESTERDAY,
            release_requested_at=pipeline.YESTERDAY,
        ),
        records.make_thread(tenant_id, contact.id),
    )
    written = {"run_id": run_id, "effect_id": effect.id}
    job = pipeline.make_job(tenant_id, id=submission.job_id, subject_id=submission.id, state="running", lease_token=1)
    draft = pipeline.make_draft(tenant_id, contact.id, run_id=run_id)
    run = pipeline.make_run(tenant_id, submission.id, id=run_id, job_id=job.id, draft_id=draft.id)
    log = pipeline.make_decision(tenant_id, draft.id)
    event = ledger.make_audit_event(tenant_id, run_id=run_id, draft_id=draft.id)
    user = access.make_user(tenant_id, oidc_subject=f"subject-{tenant_id.hex}")
    return [
        *(user, access.make_session(tenant_id, user.id)),
        *(access.make_webhook_source(tenant_id), access.make_credential(tenant_id), access.make_api_key(tenant_id)),
        *(
            event,
            ledger.make_audit_seal(tenant_id, id=event.id),
            ledger.make_audit_anchor(tenant_id),
            ledger.make_usage_event(tenant_id, run_id=run_id),
        ),
        *(controls.make_kill_switch(tenant_id), controls.make_setting(tenant_id), controls.make_suppression(tenant_id)),
        *(controls.make_feature_flag(tenant_id), controls.make_setting_change(tenant_id)),
        effect,
        *(submission, records.make_company(tenant_id), contact, records.make_deal(tenant_id, contact.id)),
        *(thread, records.make_message(tenant_id, thread.id), records.make_asset(tenant_id)),
        records.make_lead_memory(tenant_id, contact.id, run_id=run_id),
        records.make_task(tenant_id, contact.id, **written),
        records.make_note(tenant_id, contact.id, **written),
        *(job, pipeline.make_failed_task(tenant_id, job.id)),
        *(draft, pipeline.make_draft_version(tenant_id, draft.id), pipeline.make_voice_profile(tenant_id)),
        *(pipeline.make_rule(tenant_id), log, pipeline.make_operator_decision(tenant_id, draft.id, log_id=log.id)),
        *(approval := pipeline.make_approval(tenant_id, draft.id), pipeline.make_draft_note(tenant_id, draft.id)),
        *(sending.make_send(tenant_id, draft.id, approval_id=approval.id), sending.make_quota(tenant_id)),
        pipeline.make_idempotent_request(tenant_id),
        *(rules.make_rule_version(tenant_id), rule_move := rules.make_rule_move(tenant_id)),
        rules.make_rule_observation(tenant_id, draft.id, move_id=rule_move.id),
        rules.make_counted_reply(tenant_id, contact.id),
        pipeline.make_approved_recipient(tenant_id, email=contact.email, email_canonical=contact.email_canonical),
        *(run, pipeline.make_step_run(tenant_id, run.id)),
    ]
