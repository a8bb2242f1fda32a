"""Tables: the kill switch, settings, flags and their history, suppressed addresses, worker heartbeats."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of


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


class SuppressionKind(StrEnum):
    """What an entry of the suppression list covers."""

    ADDRESS = "address"
    DOMAIN = "domain"


class SuppressionReason(StrEnum):
    """Why somebody is not written to. The first two are the person's own word: `PERSONS_WORD`."""

    OPT_OUT = "opt_out"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    MANUAL = "manual"
    DO_NOT_CONTACT = "do_not_contact"


# They outweigh every other reason, and only an owner may set them aside.
PERSONS_WORD = (SuppressionReason.OPT_OUT, SuppressionReason.COMPLAINT)


class FeatureFlag(TenantOwned, Timestamped, Base):
    """A flag a tenant has turned from its default; `name` is one of flags.FLAGS."""

    __tablename__ = "feature_flag"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    enabled: Mapped[bool]
    changed_by: Mapped[str]


class SettingChange(TenantOwned, Base):
    """One change of a setting or a flag, never changed itself; `before` and `after` are None for the default."""

    __tablename__ = "setting_change"
    __table_args__ = (sa.Index(None, "tenant_id", "key", "at"), sa.Index(None, "tenant_id", "at"))

    key: Mapped[str]
    before: Mapped[dict[str, object] | None]
    after: Mapped[dict[str, object] | None]
    changed_by: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class InstallationStop(Base):
    """One row (id 1) for all tenants: while `stopped_at` is set, no outward write of anybody is made.

    `epoch` grows with every stop and resume, of a tenant's as well.
    """

    __tablename__ = "installation_stop"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stopped_at: Mapped[dt.datetime | None]
    stopped_by: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    epoch: Mapped[int] = mapped_column(server_default="0")


class InstallationEvent(Base):
    """What was done to, or refused by, the stop of the whole installation: such a call belongs to no tenant."""

    __tablename__ = "installation_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    action: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    facts: Mapped[dict[str, object]]
    at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Suppression(TenantOwned, Timestamped, Base):
    """An address or a domain that is not written to; of an address, only the digest of its canonical form is kept.

    `created_at` is since when. An entry that was lifted stays, with who did it and why, and covers nobody.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "address_digest"),
        one_of("kind", SuppressionKind),
        one_of("reason", SuppressionReason),
        sa.CheckConstraint("(kind = 'domain') = (domain is not null)", name="domain_of_kind"),
        sa.Index(None, "tenant_id", "created_at", "id"),
    )

    kind: Mapped[str] = mapped_column(server_default=SuppressionKind.ADDRESS)
    address_digest: Mapped[str]
    domain: Mapped[str | None]
    reason: Mapped[str]
    source: Mapped[str]
    added_by: Mapped[str] = mapped_column(server_default="system")
    lifted_at: Mapped[dt.datetime | None]
    lifted_by: Mapped[str | None]
    lifted_because: Mapped[str | None]


class Worker(Base):
    """A living process. Belongs to no tenant: it carries everybody's jobs. `stop_epoch`: the epoch it read last."""

    __tablename__ = "worker"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    host: Mapped[str]
    process_id: Mapped[int]
    version: Mapped[str]
    started_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
    seen_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
    stop_epoch: Mapped[int | None]
