"""The value a worker holds while it works: what it claimed, and the token that proves the claim."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sales_agent.kit.errors import AppError
from sales_agent.pipeline.queue.catalog import JobKind


class LeaseLost(AppError):
    """Another worker has taken this job over; nothing more may be written for it here."""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job under lease. `lease_token` must match the job's row in every write made for it.

    `waited_seconds`: from being due to being claimed. `attempts` are failures that spent a retry; `claims` counts how
    often a worker took it up since one last put it back.
    """

    tenant_id: UUID
    job_id: UUID
    kind: JobKind
    subject_id: UUID | None
    lease_token: int
    attempts: int
    claims: int
    trace_id: str
    waited_seconds: float
    created_at: dt.datetime
