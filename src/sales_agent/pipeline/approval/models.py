"""Tables: rules and their decisions, what people decided, approvals, recipients known to be good, answered requests."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class OperatorDecisionKind(StrEnum):
    """What a person made of a draft. cancel_auto: they withdrew, changed or rejected what a rule had approved."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    CANCEL_AUTO = "cancel_auto"


class RuleMoveCause(StrEnum):
    """Why a rule changed its mode. overridden: put on by an owner without having earned it; demoted: by itself."""

    ENABLED = "enabled"
    OVERRIDDEN = "overridden"
    DISABLED = "disabled"
    CHANGED = "changed"
    DEMOTED = "demoted"


class AutoApprovalRule(TenantOwned, Timestamped, Base):
    """A rule as this tenant runs it: lower priority number first. `mode` is off, shadow or on."""

    __tablename__ = "auto_approval_rule"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "rule_type"),
        sa.CheckConstraint("mode in ('off', 'shadow', 'on')", name="mode"),
    )

    rule_type: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    conditions: Mapped[dict[str, object]]
    confidence: Mapped[float]
    priority: Mapped[int]
    mode: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    created_by: Mapped[str]


class AutoApprovalLog(TenantOwned, Timestamped, Base):
    """One decision: what was decided, by which rule, why, and every input, so that it can be judged again."""

    __tablename__ = "auto_approval_log"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "draft_id", "draft_version"),
        tenant_reference("draft_id", "draft"),
        sa.Index(None, "tenant_id", "created_at"),
    )

    draft_id: Mapped[UUID]
    draft_version: Mapped[int]
    decision: Mapped[str]
    rule_type: Mapped[str | None]
    rule_version: Mapped[int | None]
    would_approve: Mapped[bool]
    confidence: Mapped[float | None]
    reasons: Mapped[list[object]]
    inputs: Mapped[dict[str, object]]


class ApprovedRecipient(TenantOwned, Timestamped, Base):
    """Somebody who was written to before and is known to be good."""

    __tablename__ = "approved_recipient"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "email_canonical"),)

    email: Mapped[str]
    email_canonical: Mapped[str]
    domain: Mapped[str]
    total_sends: Mapped[int] = mapped_column(server_default="0")
    total_replies: Mapped[int] = mapped_column(server_default="0")
    first_approved_at: Mapped[dt.datetime]
    last_sent_at: Mapped[dt.datetime | None]


class Approval(TenantOwned, Timestamped, Base):
    """The consent of a person or a rule to exactly these words, to this recipient, in this state of the world.

    `recipient` is the canonical address, `world` a fingerprint.World. At most one of a draft counts at a time: the one
    that was not voided.
    """

    __tablename__ = "approval"
    __table_args__ = (
        tenant_reference("draft_id", "draft"),
        sa.Index(None, "tenant_id", "draft_id"),
        sa.Index(
            "uq_approval_unvoided", "tenant_id", "draft_id", unique=True, postgresql_where=sa.text("voided_at is null")
        ),
    )

    draft_id: Mapped[UUID]
    draft_version: Mapped[int]
    body_hash: Mapped[str]
    recipient: Mapped[str]
    world: Mapped[dict[str, object]]
    actor: Mapped[str]
    rule_type: Mapped[str | None]
    rule_version: Mapped[int | None]
    voided_at: Mapped[dt.datetime | None]
    voided_because: Mapped[str | None]


class OperatorDecision(TenantOwned, Timestamped, Base):
    """What a person decided about one version of a draft; added, never changed. `log_id`: what the rules had said."""

    __tablename__ = "operator_decision"
    __table_args__ = (
        tenant_reference("draft_id", "draft"),
        tenant_reference("log_id", "auto_approval_log"),
        one_of("kind", OperatorDecisionKind),
        sa.Index(None, "tenant_id", "draft_id"),
        sa.Index(None, "tenant_id", "decided_at"),
    )

    draft_id: Mapped[UUID]
    draft_version: Mapped[int]
    kind: Mapped[str]
    reason_code: Mapped[str | None]
    note: Mapped[str | None]
    decided_at: Mapped[dt.datetime]
    actor: Mapped[str]
    log_id: Mapped[UUID | None]


class IdempotentRequest(TenantOwned, Timestamped, Base):
    """A request that was answered under a key of the caller's: sent again, it is answered the same and not acted on.

    `digest` is over who asked what; `status` and `response` stay empty only within the transaction that acts.
    """

    __tablename__ = "idempotent_request"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "key"), sa.Index(None, "tenant_id", "created_at"))

    key: Mapped[str]
    route: Mapped[str]
    digest: Mapped[str]
    status: Mapped[int | None]
    response: Mapped[dict[str, object] | None]


class AutoApprovalRuleVersion(TenantOwned, Timestamped, Base):
    """What a rule asked for and claimed in one version; added, never changed."""

    __tablename__ = "auto_approval_rule_version"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "rule_type", "version"),)

    rule_type: Mapped[str]
    version: Mapped[int]
    conditions: Mapped[dict[str, object]]
    confidence: Mapped[float]
    priority: Mapped[int]
    created_by: Mapped[str]


class AutoApprovalRuleMove(TenantOwned, Timestamped, Base):
    """A rule went from one mode to another: who did it, and why. `reason` is a person's words or the house's."""

    __tablename__ = "auto_approval_rule_move"
    __table_args__ = (
        sa.CheckConstraint("before in ('off', 'shadow', 'on')", name="before"),
        sa.CheckConstraint("after in ('off', 'shadow', 'on')", name="after"),
        one_of("cause", RuleMoveCause),
        sa.Index(None, "tenant_id", "rule_type", "created_at"),
    )

    rule_type: Mapped[str]
    rule_version: Mapped[int]
    before: Mapped[str]
    after: Mapped[str]
    cause: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]


class RuleObservation(TenantOwned, Timestamped, Base):
    """What became of one draft that a rule let go, counted once. `move_id`: the move that had put the rule on."""

    __tablename__ = "rule_observation"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "draft_id"),
        tenant_reference("draft_id", "draft"),
        tenant_reference("move_id", "auto_approval_rule_move"),
        sa.Index(None, "tenant_id", "rule_type", "rule_version"),
    )

    draft_id: Mapped[UUID]
    rule_type: Mapped[str]
    rule_version: Mapped[int]
    move_id: Mapped[UUID | None]
    agreed: Mapped[bool]


class CountedReply(TenantOwned, Timestamped, Base):
    """A message that was counted as somebody's reply, so that it is never counted again. `provider_id`: the message."""

    __tablename__ = "counted_reply"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "provider_id"), tenant_reference("contact_id", "contact"))

    provider_id: Mapped[str]
    contact_id: Mapped[UUID]
