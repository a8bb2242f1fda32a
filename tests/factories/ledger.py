"""Rows of the audit trail and of metering."""

import datetime as dt
from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.models import AuditAnchor, AuditEvent, AuditSeal
from sales_agent.ledger.metering.models import UsageEvent


def make_audit_event(tenant_id: UUID, **changes: object) -> AuditEvent:
    values = {"actor": "engine", "action": "draft.created", "subject_type": "draft", "subject_id": new_id()}
    return AuditEvent(**{"tenant_id": tenant_id, "id": new_id(), **values, "facts": {"version": 1}, **changes})


def make_audit_seal(tenant_id: UUID, **changes: object) -> AuditSeal:
    values = {"sequence": 1, "previous_hash": "0" * 64, "hash": "1" * 64}
    return AuditSeal(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_audit_anchor(tenant_id: UUID, **changes: object) -> AuditAnchor:
    values = {"sequence": 1, "hash": "1" * 64, "exported_at": dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)}
    return AuditAnchor(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_usage_event(tenant_id: UUID, **changes: object) -> UsageEvent:
    values = {"run_id": new_id(), "purpose": "draft_writer", "model": "m-1", "input_tokens": 10, "output_tokens": 5}
    return UsageEvent(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})
