"""Tables: mail threads and messages, a cache with an age."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, tenant_reference


class Thread(TenantOwned, Timestamped, Base):
    """A thread with one contact in the seller's mailbox."""

    __tablename__ = "thread"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "provider_id", "contact_id"),
        tenant_reference("contact_id", "contact"),
        sa.Index(None, "tenant_id", "contact_id"),
    )

    provider_id: Mapped[str]
    contact_id: Mapped[UUID]
    subject: Mapped[str]
    last_message_at: Mapped[dt.datetime]
    fetched_at: Mapped[dt.datetime]


class Message(TenantOwned, Timestamped, Base):
    """One message of a thread. `is_automatic`: an auto-reply or bounce, never counted as a reply."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "thread_id", "provider_id"),
        tenant_reference("thread_id", "thread"),
    )

    provider_id: Mapped[str]
    thread_id: Mapped[UUID]
    message_id_header: Mapped[str]
    references_header: Mapped[str]
    from_address: Mapped[str]
    from_name: Mapped[str]
    to_addresses: Mapped[list[str]]
    subject: Mapped[str]
    sent_at: Mapped[dt.datetime]
    body: Mapped[str]
    label_ids: Mapped[list[str]]
    is_automatic: Mapped[bool] = mapped_column(server_default=sa.false())
