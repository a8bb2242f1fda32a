"""Tables: the kill switch, tenant settings, suppressed addresses, worker heartbeats."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped


class KillSwitch(TenantOwned, Base):
    """One row a tenant (id equals tenant_id): while `stopped_at` is set, no outward write is made."""

    __tablename__ = "kill_switch"

    stopped_at: Mapped[dt.datetime | None]
    stopped_by: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")


class TenantSetting(TenantOwned, Timestamped, Base):
    """A setting a tenant has changed from its default; switches may only be lowered below the environment's ceiling."""

    __tablename__ = "setting"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "key"),)

    key: Mapped[str]
    value: Mapped[dict[str, object]]
    changed_by: Mapped[str]


class Suppression(TenantOwned, Timestamped, Base):
    """An address that is never written to again: only the digest of its canonical form is kept."""

    __tablename__ = "suppression"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "address_digest"),)

    address_digest: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]


class Worker(Base):
    """A living process. Belongs to no tenant: it carries everybody's jobs."""

    __tablename__ = "worker"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    host: Mapped[str]
    process_id: Mapped[int]
    version: Mapped[str]
    started_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
    seen_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
