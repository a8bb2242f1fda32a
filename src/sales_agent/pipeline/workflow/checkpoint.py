"""Checkpoints: rows of steps, of many runs at once, made durable together with their audit events."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sales_agent.kit.db import Database
from sales_agent.kit.group_commit import GroupCommit
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.workflow.repository import StepRow, WorkflowRepository


@dataclass(frozen=True, slots=True)
class Pending:
    """Rows of one run that shall become durable now."""

    job: ClaimedJob
    rows: tuple[StepRow, ...]


class Checkpoints:
    """Stores step rows; runs that wait at the same moment share one commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits: GroupCommit[UUID, Pending, bool] = GroupCommit(self._write)

    async def store(self, job: ClaimedJob, rows: Sequence[StepRow]) -> None:
        """Returns when the rows are durable; raises LeaseLost where another worker has taken the job over."""
        if rows and not await self._commits.submit(job.tenant_id, Pending(job, tuple(rows))):
            raise LeaseLost

    async def _write(self, tenant_id: UUID, batch: Sequence[Pending]) -> Sequence[bool]:
        leases = {pending.job.job_id: pending.job.lease_token for pending in batch}
        rows = [row.as_json(pending.job.job_id) for pending in batch for row in pending.rows]
        async with self._database.transaction(tenant_id) as session:
            held = await WorkflowRepository(session, tenant_id).checkpoint(leases, rows)
            await record(
                session,
                tenant_id,
                *(
                    _audited(row, pending.job)
                    for pending in batch
                    if pending.job.job_id in held
                    for row in pending.rows
                ),
            )
        return [pending.job.job_id in held for pending in batch]


def _audited(row: StepRow, job: ClaimedJob) -> AuditEntry:
    facts: dict[str, object] = {
        "step": row.step,
        "number": row.number,
        "attempt": row.attempt,
        "milliseconds": row.milliseconds,
    }
    if row.error_code:
        facts["error_code"] = row.error_code
    return AuditEntry(
        f"step.{row.status}", subject=("run", row.run_id), run_id=row.run_id, trace_id=job.trace_id, facts=facts
    )
