"""Tables: jobs (outbox, lease and history in one row) and the dead-letter queue."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class JobState(StrEnum):
    """Where a job stands. due: waits for the relay. handed: lies in Redis. running: a worker holds its lease.

    parked: waits for something outside (a connector to be connected again). done, failed, cancelled: over.
    """

    DUE = "due"
    HANDED = "handed"
    RUNNING = "running"
    PARKED = "parked"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(TenantOwned, Timestamped, Base):
    """One piece of work. Celery carries its ids only; everything else is read here.

    `lease_token` grows with every claim: a write that carries an older token comes from a worker that lost its lease.
    `attempts` counts failures that spend a retry, not claims.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        # One small index a state, for the relay: it works for all tenants at once, queue by queue, oldest first.
        sa.Index("ix_job_due", "queue", "next_run_at", postgresql_where=sa.text("state = 'due'")),
        sa.Index("ix_job_handed", "queue", "handed_at", postgresql_where=sa.text("state = 'handed'")),
        sa.Index("ix_job_running", "lease_expires_at", postgresql_where=sa.text("state = 'running'")),
        sa.Index("ix_job_parked", "next_run_at", postgresql_where=sa.text("state = 'parked'")),
        sa.Index(None, "tenant_id", "subject_id"),
        sa.Index(
            "uq_job_unique_key",
            "tenant_id",
            "unique_key",
            unique=True,
            postgresql_where=sa.text("unique_key is not null and state in ('due','handed','running','parked')"),
        ),
    )

    kind: Mapped[str]
    queue: Mapped[str]
    subject_id: Mapped[UUID | None]
    unique_key: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="due")
    attempts: Mapped[int] = mapped_column(server_default="0")
    claims: Mapped[int] = mapped_column(server_default="0")
    next_run_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
    handed_at: Mapped[dt.datetime | None]
    lease_owner: Mapped[UUID | None]
    lease_token: Mapped[int] = mapped_column(server_default="0")
    lease_expires_at: Mapped[dt.datetime | None]
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    error_code: Mapped[str | None]
    error: Mapped[str | None]
    trace_id: Mapped[str] = mapped_column(server_default="")


class FailedTaskStatus(StrEnum):
    """failed: waits for a person. manual_retry: a person tried again. resolved: a person closed it."""

    FAILED = "failed"
    MANUAL_RETRY = "manual_retry"
    RESOLVED = "resolved"


class FailedTask(TenantOwned, Timestamped, Base):
    """A job that gave up, with everything needed to understand and repeat it."""

    __tablename__ = "failed_task"
    __table_args__ = (
        one_of("status", FailedTaskStatus),
        tenant_reference("job_id", "job"),
        sa.Index(None, "tenant_id", "created_at"),
    )

    job_id: Mapped[UUID]
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(server_default="failed")
    error_code: Mapped[str]
    error: Mapped[str]
    context: Mapped[dict[str, object]]
    retry_count: Mapped[int]
    resolved_at: Mapped[dt.datetime | None]
    resolved_by: Mapped[str | None]
    notes: Mapped[str | None]
