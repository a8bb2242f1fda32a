"""Tables: rules, the log of every decision with all it was based on, and recipients known to be good."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, tenant_reference


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
