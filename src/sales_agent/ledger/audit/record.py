"""Recording: events are inserted unchained in the acting transaction, so an act and its record stand or fall together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.repository import AuditRepository

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that happened. `action` is a dotted noun; `facts` must hold no personal data (ids, codes, numbers only).

    `private_encrypted` is ciphertext under the person's own key, for what must be kept but may be erased.
    """

    action: str
    actor: str = SYSTEM
    subject: tuple[str, UUID | None] = ("", None)
    run_id: UUID | None = None
    draft_id: UUID | None = None
    trace_id: str = ""
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    private_encrypted: str | None = None
    id: UUID = field(default_factory=new_id)


async def record(session: AsyncSession, tenant_id: UUID, *entries: AuditEntry) -> None:
    """Insert the entries in the acting transaction."""
    if entries:
        await AuditRepository(session, tenant_id).add(
            [
                {
                    "id": entry.id,
                    "actor": entry.actor,
                    "action": entry.action,
                    "subject_type": entry.subject[0],
                    "subject_id": entry.subject[1],
                    "run_id": entry.run_id,
                    "draft_id": entry.draft_id,
                    "trace_id": entry.trace_id,
                    "facts": dict(entry.facts),
                    "private_encrypted": entry.private_encrypted,
                }
                for entry in entries
            ]
        )
