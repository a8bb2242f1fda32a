"""The arithmetic of the chain: what is hashed of an event, and how one link follows from the one before."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sales_agent.kit.canonical import canonical_json
from sales_agent.ledger.audit.models import AuditEvent

# What the first link has before it.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One seal: `hash` covers everything else here and every column of its event."""

    sequence: int
    event_id: UUID
    sealed_at: dt.datetime
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """A link with its event as it stands in the database, None where it is gone."""

    link: Link
    event: AuditEvent | None


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link as it is written down and hashed: times and ids as text, `event` as `canonical` gives it."""

    sequence: int
    event_id: str
    sealed_at: str
    previous_hash: str
    hash: str
    event: Mapping[str, object] | None


def next_link(previous: Link | None, event: AuditEvent, sealed_at: dt.datetime) -> Link:
    """The link that seals `event` after `previous`."""
    sequence = 1 if previous is None else previous.sequence + 1
    previous_hash = GENESIS if previous is None else previous.hash
    hashed = link_hash(sequence, previous_hash, moment(sealed_at), canonical(event))
    return Link(sequence, event.id, sealed_at, previous_hash, hashed)


def written(sealed: SealedEvent) -> WrittenLink:
    """A link of the database as it is written down."""
    link, event = sealed.link, sealed.event
    return WrittenLink(
        sequence=link.sequence,
        event_id=str(link.event_id),
        sealed_at=moment(link.sealed_at),
        previous_hash=link.previous_hash,
        hash=link.hash,
        event=None if event is None else canonical(event),
    )


def link_hash(sequence: int, previous_hash: str, sealed_at: str, event: Mapping[str, object]) -> str:
    """Hex SHA-256 over the place in the chain, the link before, and the event."""
    return hashlib.sha256(canonical_json([sequence, previous_hash, sealed_at, event]).encode()).hexdigest()


def canonical(event: AuditEvent) -> dict[str, object]:
    """Every column of an event in one fixed form.

    Of personal data only the hash of its ciphertext: when its key is thrown away the chain stays as it is.
    """
    private = event.private_encrypted
    return {
        "tenant_id": str(event.tenant_id),
        "id": str(event.id),
        "at": moment(event.at),
        "actor": event.actor,
        "action": event.action,
        "subject_type": event.subject_type,
        "subject_id": _id(event.subject_id),
        "run_id": _id(event.run_id),
        "draft_id": _id(event.draft_id),
        "trace_id": event.trace_id,
        "facts": event.facts,
        "private_sha256": None if private is None else hashlib.sha256(private.encode()).hexdigest(),
    }


def moment(at: dt.datetime) -> str:
    """A time as it is written down: UTC, to the microsecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
