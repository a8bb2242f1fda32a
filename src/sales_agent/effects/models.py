"""Table: every outward write, from its intention to its proof."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class EffectStatus(StrEnum):
    """Where an outward write stands.

    intended: recorded, the call may or may not have been made. done: the provider's id is known. unknown: the answer
    was lost. refused: the provider said no, nothing happened. held: a switch forbids it for now. expired: held too
    long. cancelled: not wanted any more.
    """

    INTENDED = "intended"
    DONE = "done"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    HELD = "held"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Effect(TenantOwned, Timestamped, Base):
    """One outward write. `key` is unique per tenant: the same wish never becomes two writes."""

    __tablename__ = "effect"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "key"),
        tenant_reference("depends_on", "effect"),
        one_of("status", EffectStatus),
        sa.Index(None, "tenant_id", "run_id"),
        sa.Index(
            "ix_effect_open",
            "tenant_id",
            "status",
            postgresql_where=sa.text("status in ('intended','unknown','held')"),
        ),
        sa.Index(
            "ix_effect_to_release",
            "tenant_id",
            "release_requested_at",
            postgresql_where=sa.text("release_requested_at is not null and release_ended_at is null"),
        ),
    )

    key: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    run_id: Mapped[UUID | None]
    depends_on: Mapped[UUID | None]
    payload: Mapped[dict[str, object]]
    provider_id: Mapped[str | None]
    result: Mapped[dict[str, object] | None]
    held_because: Mapped[str | None]
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    # Who may be in the middle of the call: a job under a lease. While that lease lives, nobody else touches the write.
    holder_job_id: Mapped[UUID | None]
    holder_token: Mapped[int | None]
    intended_at: Mapped[dt.datetime | None]
    # When the last look let the call begin. Intended and permitted is in flight, to whoever stops everything.
    permitted_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    # A person asked for the held write to be made, as it was when they read it (the digest); ended once it was tried.
    release_requested_at: Mapped[dt.datetime | None]
    release_requested_by: Mapped[str | None]
    release_digest: Mapped[str | None]
    release_ended_at: Mapped[dt.datetime | None]
