"""Makes an argument for any parameter of a repository method out of one tenant's rows, by its name and its type."""

import datetime as dt
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa

from sales_agent.kit.ids import new_id
from sales_agent.kit.tables import Base, TenantOwned
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.drafting.models import DraftState
from tests.factories import pipeline, rules, sending
from tests.factories.records import VECTOR

# Put into every free text of the rows, so that a word of theirs is known wherever it turns up.
MARK = "belongs to A"

# Read as members of closed sets, or as secrets.
CLOSED = {"kind", "queue", "step", "model", "rule_type", "mime_type", "hash", "previous_hash", "secret_encrypted"}
CLOSED |= {"value_encrypted", "workflow", "version", "decision"}

FOREVER_AGO, FAR_AHEAD = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

# parameter: the table and column it is about; `Class.method.parameter` and `Class.parameter` come before the bare name
MEANINGS = {
    **{f"{table}_id": (table, "id") for table in ("contact", "company", "draft", "effect", "job", "submission")},
    **dict.fromkeys(("run_id", "except_run"), ("workflow_run", "id")),
    "key_id": ("api_key", "id"),
    "user_id": ("user", "id"),
    "session_id": ("session", "id"),
    "subject": ("user", "oidc_subject"),
    "UserRepository.email_canonical": ("user", "email_canonical"),
    "source_id": ("webhook_source", "id"),
    "failed_task_id": ("failed_task", "id"),
    "recipient_id": ("approved_recipient", "id"),
    "rule_id": ("auto_approval_rule", "id"),
    "rule_type": ("auto_approval_rule", "rule_type"),
    "move_id": ("auto_approval_rule_move", "id"),
    "subject_id": ("submission", "id"),
    "send_id": ("send", "id"),
    "approval_id": ("approval", "id"),
    "SendRepository.recipient_digest": ("send", "recipient_digest"),
    "QuotaRepository.recipient_digest": ("send", "recipient_digest"),
    "mailbox": ("quota", "mailbox"),
    "depends_on": ("effect", "id"),
    "JobRepository.ids": ("job", "id"),
    "WorkflowRepository.leases": ("job", "id"),
    "NewJob.id": ("job", "id"),
    "NewSubmission.id": ("submission", "id"),
    "RunFacts.tenant_id": ("submission", "tenant_id"),
    "Link.event_id": ("audit_event", "id"),
    "AuditTrailRepository.event_ids": ("audit_event", "id"),
    "HeldEffectRepository.ids": ("effect", "id"),
    "HeldEffectRepository.status": ("effect", "status"),
    "TrailFilter.subject_id": ("audit_event", "subject_id"),
    "provider": ("credential", "provider"),
    "name": ("credential", "name"),
    "EffectRepository.key": ("effect", "key"),
    "WebhookSourceRepository.key": ("webhook_source", "key"),
    "SettingRepository.key": ("setting", "key"),
    "IdempotencyRepository.key": ("idempotent_request", "key"),
    "AssetRepository.link_of.provider_id": ("asset", "provider_id"),
    "SettingHistoryRepository.key": ("setting_change", "key"),
    "FeatureFlagRepository.name": ("feature_flag", "name"),
    "FormSubmission.key": ("submission", "dedupe_key"),
    "email": ("contact", "email"),
    "email_canonical": ("contact", "email_canonical"),
    "address_digest": ("suppression", "address_digest"),
    "SuppressionRepository.digests": ("suppression", "address_digest"),
    "SuppressionFilter.kind": ("suppression", "kind"),
    "suppression_id": ("suppression", "id"),
    "address": ("message", "from_address"),
    "crm_id": ("contact", "crm_id"),
    "CrmCompany.crm_id": ("company", "crm_id"),
    "CrmDeal.crm_id": ("deal", "crm_id"),
    "FileEntry.id": ("asset", "provider_id"),
    "FileEntry.modified_at": ("asset", "modified_at"),
    "AssetRepository.vectors": ("asset", "provider_id"),
    "MailThread.id": ("thread", "provider_id"),
    "MailMessage.id": ("message", "provider_id"),
    "model": ("asset", "model"),
    "kind": ("job", "kind"),
    "EffectRepository.kind": ("effect", "kind"),
}

# What cannot be told from a name and a type.
VALUES: dict[str, object] = {
    "until": FAR_AHEAD,
    "since": FOREVER_AGO,
    "limit": 10,
    "AuditRepository.links_after.sequence": 0,
    "offset": 0,
    "older_than_seconds": 0.0,
    "within_hours": 24,
    "after": None,
    "lives": dt.timedelta(hours=1),
    "embedding": VECTOR,
    "UserRepository.sign_in.password_hash": None,
    "draft_version": 1,
    "NewSubmission.state": "accepted",
    "DraftRepository.version": 1,
    "TenantRepository.slug": "taken-over",
    "OperatorDecisionRepository.kind": OperatorDecisionKind.APPROVE,
    "WaitingRepository.states": (DraftState.NEEDS_REVIEW,),
    "WaitingRepository.moment": FAR_AHEAD,
    "WaitingRepository.now": FAR_AHEAD,
    "IdempotencyRepository.older_than": dt.timedelta(0),
    "LogFilter.rule_type": None,
}

# Columns that a method which takes the rest by name has parameters for, or sets itself.
NOT_WANTED = {
    "DraftRepository.add": {"run_id"},
    "ApprovalRepository.add": {"draft_id"},
    "SendRepository.of_approval": {"approval_id", "status"},
    "SendRepository.add_by_hand": {"approval_id", "status"},
}

# A plain value of each type, for what is neither looked up nor pointed to.
PLAIN: dict[type, Callable[[], object]] = {
    UUID: new_id,
    str: lambda: "text",
    bytes: lambda: b"{}",
    bool: bool,
    int: lambda: 1,
    float: lambda: 1.0,
    object: lambda: "text",
    dt.datetime: lambda: FOREVER_AGO,
}


def marked(rows: list[TenantOwned]) -> list[TenantOwned]:
    """The rows with the mark in every free text."""
    for row in rows:
        assert isinstance(row, Base)
        checks = " ".join(str(c.sqltext) for c in row.__table__.constraints if isinstance(c, sa.CheckConstraint))
        for column in row.__table__.columns:
            value = getattr(row, column.key)
            if isinstance(value, str) and column.name not in CLOSED and f"{column.name} in" not in checks:
                setattr(row, column.key, f"{value} {MARK}")
    return rows


class Arguments:
    """Arguments that point at the given rows, one of every table."""

    def __init__(self, rows: list[TenantOwned]) -> None:
        self._rows = {row.__tablename__: row for row in rows if isinstance(row, Base)}

    def make(self, place: str, name: str, wanted: Any) -> object:
        """A value for the parameter or field `name` of `place` (`Class.method`, or a dataclass), of the type wanted."""
        for known in (f"{place}.{name}", f"{place.partition('.')[0]}.{name}", name):
            if known in VALUES:
                return VALUES[known]
            if known in MEANINGS:
                table, column = MEANINGS[known]
                return _shaped(getattr(self._rows[table], column), wanted)
        return self._of_type(place, wanted)

    def columns_for(self, method: str) -> dict[str, object]:
        """Values for a method that takes the columns of its table by name: those of its present row."""
        columns = {
            "ApprovalRepository.add": pipeline.make_approval,
            "DecisionRepository.add": pipeline.make_decision,
            "DraftRepository.add": pipeline.make_draft,
            "DraftRepository.add_version": pipeline.make_draft_version,
            "RuleMoveRepository.add": lambda tenant_id, _: rules.make_rule_move(tenant_id),
            "ObservationRepository.add": rules.make_rule_observation,
            "SendRepository.of_approval": sending.make_send,
            "SendRepository.add_by_hand": sending.make_send,
        }
        changes = {
            "DraftRepository.change": {"state_reason": "changed"},
            "RuleVersionRepository.change": {"description": "changed"},
            "SendRepository.change": {"reason": "changed"},
            "SendRepository.mark_sent": {"sent_by": "person"},
        }
        if method in changes:
            return changes[method]
        contact_or_draft = self._rows["contact" if method == "DraftRepository.add" else "draft"].id
        row = columns[method](new_id(), contact_or_draft)
        not_wanted = NOT_WANTED.get(method, {"draft_id", "draft_version", "version", "run_id"}) | {"tenant_id", "id"}
        return {
            column.name: getattr(row, column.key)
            for column in row.__table__.columns
            if column.name not in not_wanted and getattr(row, column.key) is not None
        }

    def _of_type(self, place: str, wanted: Any) -> object:
        origin, parts = get_origin(wanted), get_args(wanted)
        if origin in {Union, types.UnionType}:
            return None if type(None) in parts else self._of_type(place, parts[0])
        if origin is Literal:
            return parts[0]
        if origin is not None:
            return self._collection_of(place, origin, parts)
        return self._plain(wanted)

    def _collection_of(self, place: str, origin: Any, parts: tuple[Any, ...]) -> object:
        if origin in {Mapping, dict}:
            return {}
        maker = tuple if origin is tuple else frozenset if origin in {frozenset, set} else list
        return maker([self._of_type(place, parts[0])])

    def _plain(self, wanted: Any) -> object:
        if issubclass(wanted, Base):
            return self._forged(wanted)
        if is_dataclass(wanted):
            hints = get_type_hints(wanted)
            return wanted(**{f.name: self.make(wanted.__name__, f.name, hints[f.name]) for f in fields(wanted)})
        if issubclass(wanted, Enum):
            return next(iter(wanted))
        return PLAIN[wanted]()

    def _forged(self, table: type[Base]) -> Base:
        """A row of the caller's making that says it is the tenant's."""
        row = self._rows[table.__tablename__]
        return table(**{column.key: getattr(row, column.key) for column in row.__table__.columns})


def _shaped(value: object, wanted: object) -> object:
    """The value as it is, or as the collection that is wanted."""
    origin = get_origin(wanted)
    if origin in {Sequence, list}:
        return [value]
    if origin in {Mapping, dict}:
        return {value: 1 if get_args(wanted)[1] is int else VECTOR}
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(value)
    return value
