"""The answers about the audit trail."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.ledger.audit.verify import Verification
from sales_agent.ledger.audit.walk import Difference


class AuditItem(BaseModel):
    """One thing that happened."""

    id: UUID
    at: dt.datetime
    actor: str
    action: str
    subject_type: str
    subject_id: UUID | None
    run_id: UUID | None
    draft_id: UUID | None
    trace_id: str
    facts: dict[str, object]
    has_personal_data: bool = Field(description="Kept encrypted under a key of that person's own; never answered here.")
    sequence: int | None = Field(description="Its place in the sealed chain; empty for the seconds until it is sealed.")

    @classmethod
    def of(cls, event: AuditEvent, sequence: int | None) -> "AuditItem":
        """From the row."""
        return cls(
            id=event.id,
            at=event.at,
            actor=event.actor,
            action=event.action,
            subject_type=event.subject_type,
            subject_id=event.subject_id,
            run_id=event.run_id,
            draft_id=event.draft_id,
            trace_id=event.trace_id,
            facts=event.facts,
            has_personal_data=event.private_encrypted is not None,
            sequence=sequence,
        )


class AuditPage(BaseModel):
    """A page, newest first."""

    items: list[AuditItem]
    next_cursor: str | None


class Broken(BaseModel):
    """The first link that is not as it was sealed."""

    sequence: int
    event_id: str = Field(description="Empty where there is none.")
    differs: Difference
    says: str


class Verified(BaseModel):
    """Whether the sealed trail is whole, as the database has it now."""

    ok: bool
    sealed_to: int = Field(description="The last link up to which everything is whole.")
    head: str = Field(description="The hash of that link.")
    unsealed: int = Field(description="Events the chain does not speak for: those of the last seconds.")
    anchors: int = Field(description="Exported ends that lie on the chain. Files kept elsewhere prove more.")
    broken: Broken | None

    @classmethod
    def of(cls, found: Verification) -> "Verified":
        """From what was found."""
        broken = found.broken
        return cls(
            ok=found.ok,
            sealed_to=found.sealed_to,
            head=found.head.hash,
            unsealed=found.unsealed or 0,
            anchors=found.anchors,
            broken=None
            if broken is None
            else Broken(sequence=broken.sequence, event_id=broken.event_id, differs=broken.differs, says=broken.says),
        )
