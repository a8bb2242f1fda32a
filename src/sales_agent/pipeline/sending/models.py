"""Tables: sends, each the carrying out of one approval, and the row a mailbox's quotas are counted under."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class SendStatus(StrEnum):
    """Where a send stands.

    begun: claimed by a worker, the mail may be on its way. sent: proved. simulated: everything but the call. held: a
    gate is closed. unknown: the answer was lost. not_sent: certainly not sent. cancelled: taken back.
    """

    BEGUN = "begun"
    SENT = "sent"
    SIMULATED = "simulated"
    HELD = "held"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    CANCELLED = "cancelled"


class SentBy(StrEnum):
    """Who let the mail go: this system, or a person in the mailbox's own window."""

    SALES_AGENT = "sales_agent"
    PERSON = "person"


class Send(TenantOwned, Timestamped, Base):
    """One approval carried out; without `approval_id` a mail that a person let go by hand.

    `counted_at`: when it took its place in the quotas, null where it takes none. `recipient_digest` is of the canonical
    address. `gate`, `reason`, `release` say why it is held and what would free it, `release_at` when time alone will.
    `pushed_message_id`: the draft's message in the mailbox with the approved words. `seen_in_mailbox`: its message as a
    person left it there, which the operator has been told of (empty: they threw it away).
    """

    __tablename__ = "send"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "approval_id"),
        tenant_reference("draft_id", "draft"),
        one_of("status", SendStatus),
        one_of("sent_by", SentBy),
        sa.Index(None, "tenant_id", "draft_id"),
        sa.Index(
            "ix_send_counted", "tenant_id", "mailbox", "counted_at", postgresql_where=sa.text("counted_at is not null")
        ),
        sa.Index("ix_send_held", "tenant_id", "release_at", postgresql_where=sa.text("status = 'held'")),
    )

    draft_id: Mapped[UUID]
    approval_id: Mapped[UUID | None]
    draft_version: Mapped[int]
    body_hash: Mapped[str]
    mailbox: Mapped[str]
    recipient_digest: Mapped[str]
    status: Mapped[str]
    counted_at: Mapped[dt.datetime | None]
    gate: Mapped[str | None]
    reason: Mapped[str | None]
    release: Mapped[str | None]
    release_at: Mapped[dt.datetime | None]
    seen_in_mailbox: Mapped[str | None]
    pushed_message_id: Mapped[str | None]
    looks: Mapped[int] = mapped_column(server_default="0")
    asks_person: Mapped[bool] = mapped_column(server_default=sa.false())
    sent_at: Mapped[dt.datetime | None]
    sent_by: Mapped[str | None]
    message_id: Mapped[str | None]
    thread_id: Mapped[str | None]
    message_id_header: Mapped[str | None]
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())


class Quota(TenantOwned, Base):
    """One row a mailbox: who locks it may count and claim. `last_counted_at` keeps mails apart."""

    __tablename__ = "quota"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "mailbox"),)

    mailbox: Mapped[str]
    last_counted_at: Mapped[dt.datetime | None]
