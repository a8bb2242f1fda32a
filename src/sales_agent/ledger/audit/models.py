"""Tables: audit events (inserted unchained), the seals that chain them, the anchors; nothing is updated or deleted."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned


class AuditEvent(TenantOwned, Base):
    """One thing that happened. `facts` holds no personal data; `private_encrypted` does, under the person's own key."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index(None, "tenant_id", "run_id"),
        sa.Index(None, "tenant_id", "at"),
        sa.Index(
            "ix_audit_event_draft", "tenant_id", "draft_id", "at", postgresql_where=sa.text("draft_id is not null")
        ),
        sa.Index(
            "ix_audit_event_subject",
            "tenant_id",
            "subject_id",
            "at",
            postgresql_where=sa.text("subject_id is not null"),
        ),
    )

    at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    actor: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    run_id: Mapped[UUID | None]
    draft_id: Mapped[UUID | None]
    trace_id: Mapped[str] = mapped_column(server_default="")
    facts: Mapped[dict[str, object]]
    private_encrypted: Mapped[str | None]


class AuditSeal(TenantOwned, Base):
    """One link of a tenant's chain: `hash` covers the previous hash and the event. `id` is the event's id."""

    __tablename__ = "audit_seal"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "sequence"),)

    sequence: Mapped[int]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class AuditAnchor(TenantOwned, Base):
    """An end of the chain that was written where this database cannot reach; `sequence`: how many links it had."""

    __tablename__ = "audit_anchor"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "sequence"),)

    sequence: Mapped[int]
    hash: Mapped[str]
    exported_at: Mapped[dt.datetime]
