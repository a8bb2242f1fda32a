"""Rows of the road: jobs, drafts, decisions, runs."""

import datetime as dt
from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import (
    Approval,
    ApprovedRecipient,
    AutoApprovalLog,
    AutoApprovalRule,
    IdempotentRequest,
    OperatorDecision,
)
from sales_agent.pipeline.drafting.models import Draft, DraftNote, DraftVersion, VoiceProfile
from sales_agent.pipeline.queue.models import FailedTask, Job
from sales_agent.pipeline.workflow.models import StepRun, WorkflowRun

YESTERDAY = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def make_job(tenant_id: UUID, **changes: object) -> Job:
    values = {"kind": "workflow.process_form_lead", "queue": "interactive", "state": "due"}
    return Job(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_failed_task(tenant_id: UUID, job_id: UUID, **changes: object) -> FailedTask:
    values = {"kind": "workflow.process_form_lead", "error_code": "bug", "error": "KeyError", "context": {}}
    return FailedTask(
        **{"tenant_id": tenant_id, "id": new_id(), "job_id": job_id, "retry_count": 3, **values, **changes}
    )


def make_draft(tenant_id: UUID, contact_id: UUID, **changes: object) -> Draft:
    values = {"state": "needs_review", "version": 1, "to_address": "ada@fabrikam.example", "to_name": "Ada"}
    return Draft(**{"tenant_id": tenant_id, "id": new_id(), "contact_id": contact_id, **values, **changes})


def make_draft_version(tenant_id: UUID, draft_id: UUID, **changes: object) -> DraftVersion:
    words = {"version": 1, "subject": "Your question", "body": "Hi Ada,", "body_hash": "b" * 64, "content": {}}
    origin = {"author": "draft_writer", "model": "m-1", "prompt_version": "1", "pipeline_version": "1"}
    return DraftVersion(**{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, **words, **origin, **changes})


def make_voice_profile(tenant_id: UUID, **changes: object) -> VoiceProfile:
    return VoiceProfile(
        **{"tenant_id": tenant_id, "id": new_id(), "name": "default", "is_default": True, "profile": {}, **changes}
    )


def make_rule(tenant_id: UUID, **changes: object) -> AutoApprovalRule:
    names = {"rule_type": "replied_before", "name": "Replied before", "description": "Has replied."}
    values = {"conditions": {}, "confidence": 0.95, "priority": 1, "mode": "shadow", "created_by": "seed"}
    return AutoApprovalRule(**{"tenant_id": tenant_id, "id": new_id(), **names, **values, **changes})


def make_decision(tenant_id: UUID, draft_id: UUID, **changes: object) -> AutoApprovalLog:
    values = {"draft_version": 1, "decision": "needs_review", "would_approve": False, "reasons": [], "inputs": {}}
    return AutoApprovalLog(**{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, **values, **changes})


def make_approved_recipient(tenant_id: UUID, **changes: object) -> ApprovedRecipient:
    values = {"email": "ada@fabrikam.example", "email_canonical": "ada@fabrikam.example", "domain": "fabrikam.example"}
    return ApprovedRecipient(
        **{"tenant_id": tenant_id, "id": new_id(), "first_approved_at": YESTERDAY, **values, **changes}
    )


def make_run(tenant_id: UUID, submission_id: UUID, **changes: object) -> WorkflowRun:
    values = {"workflow": "form_lead", "version": "1", "status": "running", "started_at": YESTERDAY}
    ids = {"submission_id": submission_id, "job_id": new_id()}
    return WorkflowRun(**{"tenant_id": tenant_id, "id": new_id(), **ids, **values, **changes})


def make_step_run(tenant_id: UUID, run_id: UUID, **changes: object) -> StepRun:
    values = {"step": "validate_submission", "number": 1.0, "status": "done", "attempt": 1, "milliseconds": 1.5}
    times = {"started_at": YESTERDAY, "finished_at": YESTERDAY}
    return StepRun(**{"tenant_id": tenant_id, "id": new_id(), "run_id": run_id, **values, **times, **changes})


def make_approval(tenant_id: UUID, draft_id: UUID, **changes: object) -> Approval:
    values = {"draft_version": 1, "body_hash": "b" * 64, "recipient": "ada@fabrikam.example", "world": {}}
    return Approval(
        **{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, "actor": "user:mara", **values, **changes}
    )


def make_operator_decision(tenant_id: UUID, draft_id: UUID, **changes: object) -> OperatorDecision:
    values = {"draft_version": 1, "kind": "approve", "decided_at": YESTERDAY, "actor": "user:mara"}
    return OperatorDecision(**{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, **values, **changes})


def make_draft_note(tenant_id: UUID, draft_id: UUID, **changes: object) -> DraftNote:
    values = {"author": "user:mara", "text": "They called."}
    return DraftNote(**{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, **values, **changes})


def make_idempotent_request(tenant_id: UUID, **changes: object) -> IdempotentRequest:
    values = {"key": new_id().hex, "route": "approve", "digest": "d" * 64}
    return IdempotentRequest(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})
