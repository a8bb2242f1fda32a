"""Tables: drafts, their versions, notes about them, and the voices they are written in."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class DraftState(StrEnum):
    """Every state a draft can be in; the moves between them are the table in states.py."""

    DRAFTING = "drafting"
    NEEDS_REVIEW = "needs_review"
    AUTO_APPROVED = "auto_approved"
    BLOCKED = "blocked"
    APPROVED = "approved"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    SIMULATED = "simulated"
    HELD = "held"
    REJECTED = "rejected"
    SNOOZED = "snoozed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    SEND_FAILED = "send_failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Draft(TenantOwned, Timestamped, Base):
    """One e-mail to one person. Its words are in the newest version; `run_id`: the run that wrote it, without a key.

    `mail_draft_id` and `mail_message_id` are what lies in the seller's mailbox. `send_at` counts while it is queued,
    `snoozed_until` while it is snoozed. `waits_since` is `state_since` by the clock that deadlines are told by, noted
    by the first round over waiting drafts that sees it. `assigned_to` is a user, without a key. `claimed_by` is the
    actor who has it open until `claimed_until`. `instruction` is what the writer was asked for, until the new words
    are there.
    """

    __tablename__ = "draft"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "run_id"),
        tenant_reference("contact_id", "contact"),
        one_of("state", DraftState),
        sa.Index(None, "tenant_id", "state", "created_at"),
        sa.Index(None, "tenant_id", "contact_id"),
    )

    run_id: Mapped[UUID | None]
    contact_id: Mapped[UUID]
    state: Mapped[str]
    version: Mapped[int]
    to_address: Mapped[str]
    to_name: Mapped[str]
    thread_id: Mapped[str | None]
    in_reply_to: Mapped[str] = mapped_column(server_default="")
    references_header: Mapped[str] = mapped_column(server_default="")
    mail_draft_id: Mapped[str | None]
    mail_message_id: Mapped[str | None]
    mail_marker: Mapped[str | None]
    mailbox_note: Mapped[str | None]
    worst_severity: Mapped[str | None]
    state_reason: Mapped[str | None]
    state_since: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
    send_at: Mapped[dt.datetime | None]
    snoozed_until: Mapped[dt.datetime | None]
    waits_since: Mapped[dt.datetime | None]
    assigned_to: Mapped[UUID | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[dt.datetime | None]
    instruction: Mapped[str | None]
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())


class DraftVersion(TenantOwned, Timestamped, Base):
    """The words of a draft at one time, never changed: `content` is sentences with evidence, `findings` judge them."""

    __tablename__ = "draft_version"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "draft_id", "version"),
        tenant_reference("draft_id", "draft"),
    )

    draft_id: Mapped[UUID]
    version: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    body_hash: Mapped[str]
    content: Mapped[dict[str, object]]
    findings: Mapped[list[object] | None]
    author: Mapped[str]
    model: Mapped[str]
    prompt_version: Mapped[str]
    pipeline_version: Mapped[str]


class DraftNote(TenantOwned, Timestamped, Base):
    """What one person of the tenant tells the others about a draft; never part of the mail."""

    __tablename__ = "draft_note"
    __table_args__ = (tenant_reference("draft_id", "draft"), sa.Index(None, "tenant_id", "draft_id"))

    draft_id: Mapped[UUID]
    author: Mapped[str]
    text: Mapped[str]


class VoiceProfile(TenantOwned, Timestamped, Base):
    """How a seller writes; `profile` has the fields of content.Voice."""

    __tablename__ = "voice_profile"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    is_default: Mapped[bool] = mapped_column(server_default=sa.false())
    profile: Mapped[dict[str, object]]
