"""Tables: runs of the workflow and one row for each attempt of a step, which is also its checkpoint."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class RunStatus(StrEnum):
    """How a run stands. rejected, suppressed and duplicate are outcomes of step 1, not errors."""

    RUNNING = "running"
    COMPLETED = "completed"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    DUPLICATE = "duplicate"
    FAILED = "failed"


class StepStatus(StrEnum):
    """done: its output is in `output`. skipped: a May step the run went on without. failed: an attempt that raised."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class WorkflowRun(TenantOwned, Timestamped, Base):
    """One run for one submission. The position is not stored: it follows from the step rows."""

    __tablename__ = "workflow_run"
    __table_args__ = (
        tenant_reference("submission_id", "submission"),
        tenant_reference("draft_id", "draft"),
        one_of("status", RunStatus),
        sa.Index(None, "tenant_id", "status"),
        sa.Index(None, "tenant_id", "submission_id"),
    )

    workflow: Mapped[str]
    version: Mapped[str]
    submission_id: Mapped[UUID]
    job_id: Mapped[UUID]
    draft_id: Mapped[UUID | None]
    status: Mapped[str]
    reason: Mapped[str | None]
    generation: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    trace_id: Mapped[str] = mapped_column(server_default="")


class StepRun(TenantOwned, Base):
    """One attempt of one step. At most one row a step is current and done or skipped: that row is the checkpoint.

    A re-run from a step supersedes the rows of that step and everything after it; nothing is deleted.
    """

    __tablename__ = "step_run"
    __table_args__ = (
        tenant_reference("run_id", "workflow_run"),
        one_of("status", StepStatus),
        sa.Index(
            "uq_step_run_checkpoint",
            "tenant_id",
            "run_id",
            "step",
            unique=True,
            postgresql_where=sa.text("status in ('done','skipped') and superseded_at is null"),
        ),
        sa.Index(None, "tenant_id", "run_id"),
    )

    run_id: Mapped[UUID]
    step: Mapped[str]
    number: Mapped[float]
    status: Mapped[str]
    attempt: Mapped[int]
    output: Mapped[dict[str, object] | None]
    error_code: Mapped[str | None]
    error: Mapped[str | None]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime]
    milliseconds: Mapped[float]
    superseded_at: Mapped[dt.datetime | None]
