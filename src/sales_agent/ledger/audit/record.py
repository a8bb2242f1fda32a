"""Writing down what happened, in the very transaction in which it happens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.ledger.audit.repository import AuditRepository, NewAuditEvent
from sales_agent.observability.tracing import current_trace

# Who acted where nobody did: a step of a run, a job of the schedule.
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that happened.

    `action` is a dotted noun and verb (`draft.approved`); `actor` a person, a key or `system`; `subject` the kind and
    id of what it happened to; `facts` is JSON and holds ids, codes and counts, never a name, an address or words of a
    mail. What is personal goes into `private_encrypted`, as `PersonalData.lock` gave it. `trace_id`: the present one if
    empty.
    """

    action: str
    actor: str = SYSTEM
    subject: tuple[str, UUID | None] = ("", None)
    run_id: UUID | None = None
    draft_id: UUID | None = None
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    trace_id: str = ""
    private_encrypted: str | None = None


async def record(session: AsyncSession, tenant_id: UUID, *entries: AuditEntry) -> None:
    """Insert the entries, in order, in one statement; they exist if and only if this transaction commits.

    A refusal, whose transaction is about to be rolled back, is recorded in a transaction of its own.
    """
    trace = current_trace()
    present_trace_id = trace.trace_id if trace is not None else ""
    events = [
        NewAuditEvent(
            actor=entry.actor,
            action=entry.action,
            subject_type=entry.subject[0],
            subject_id=entry.subject[1],
            run_id=entry.run_id,
            draft_id=entry.draft_id,
            trace_id=entry.trace_id or present_trace_id,
            facts=entry.facts,
            private_encrypted=entry.private_encrypted,
        )
        for entry in entries
    ]
    await AuditRepository(session, tenant_id).record(events)
