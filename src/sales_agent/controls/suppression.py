"""Who is never written to again: one look-up, and every way on the list and off it, each with its audit event.

Of an address only the digest is kept, so that the entry outlives the erasure of everything else about the person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.principal import Scope
from sales_agent.controls.models import PERSONS_WORD, Suppression
from sales_agent.controls.suppression_entries import address_entry, digest_entry, digests_covering, domain_entry
from sales_agent.controls.suppression_repository import NewSuppression, SuppressionRepository
from sales_agent.kit.errors import NotAllowed, NotFound
from sales_agent.ledger.audit.record import SYSTEM, AuditEntry, record


class SuppressionNotFound(NotFound):
    """There is no entry of this id on the suppression list, or it was lifted before."""


class OptOutIsFinal(NotAllowed):
    """The person asked not to be written to; only an owner may set that aside, with a reason and an override."""


async def is_suppressed(session: AsyncSession, tenant_id: UUID, email: str) -> bool:
    """Whether this person, in any spelling of the address, or anybody at their domain, must not be written to.

    Nobody can tell whose a text is that is no address: it counts as suppressed.
    """
    digests = digests_covering(email)
    return not digests or bool(await SuppressionRepository(session, tenant_id).live_among(digests))


async def suppress(
    session: AsyncSession, tenant_id: UUID, email: str, *, reason: str, source: str, by: str = SYSTEM
) -> bool:
    """Never write to this person again; whether that is new. Raises AddressNotUnderstood, ReasonNotKnown.

    `source` says where that was learnt; it names no person. The first reason stays, but the person's own word (an
    opt-out, a complaint) replaces any other: who may set aside those may not set aside this.
    """
    return await add_entry(session, tenant_id, address_entry(email, reason), source=source, by=by)


async def suppress_digest(
    session: AsyncSession, tenant_id: UUID, address_digest: str, *, reason: str, source: str, by: str = SYSTEM
) -> bool:
    """The same for an address of which only the digest is known. Raises DigestNotUnderstood, ReasonNotKnown."""
    return await add_entry(session, tenant_id, digest_entry(address_digest, reason), source=source, by=by)


async def suppress_domain(
    session: AsyncSession, tenant_id: UUID, domain: str, *, reason: str, source: str, by: str = SYSTEM
) -> bool:
    """The same for everybody at a domain and the domains below it. Raises DomainNotUnderstood, ReasonNotKnown."""
    return await add_entry(session, tenant_id, domain_entry(domain, reason), source=source, by=by)


async def add_entry(session: AsyncSession, tenant_id: UUID, entry: NewSuppression, *, source: str, by: str) -> bool:
    """The same for an entry as it was written down; whether it is new."""
    added, changed = await _put(session, tenant_id, (entry,), source=source, by=by)
    if added or changed:
        action = f"{entry.kind}.suppressed" if added else "suppression.strengthened"
        facts: dict[str, object] = {"reason": entry.reason, "source": source}
        await record(session, tenant_id, AuditEntry(action, actor=by, facts=facts))
    return bool(added)


async def suppress_all(
    session: AsyncSession, tenant_id: UUID, entries: Iterable[NewSuppression], *, source: str, by: str
) -> int:
    """Add a whole list; how many of its entries are new. Where it names somebody twice, the graver reason counts."""
    distinct: dict[str, NewSuppression] = {}
    for entry in entries:
        known = distinct.setdefault(entry.address_digest, entry)
        if entry.reason in PERSONS_WORD and known.reason not in PERSONS_WORD:
            distinct[entry.address_digest] = entry
    added, changed = await _put(session, tenant_id, tuple(distinct.values()), source=source, by=by)
    facts: dict[str, object] = {"source": source, "entries": len(distinct), "added": added, "strengthened": changed}
    await record(session, tenant_id, AuditEntry("suppressions.imported", actor=by, facts=facts))
    return added


@dataclass(frozen=True, slots=True)
class Lifting:
    """Who takes an entry off the list and why. `overrides`: an owner does, even against the person's own word."""

    by: str
    because: str
    overrides: bool = False


async def lift(session: AsyncSession, tenant_id: UUID, suppression_id: UUID, lifting: Lifting) -> Suppression:
    """Let an entry cover nobody from now on; it stays as a row. Raises SuppressionNotFound, OptOutIsFinal."""
    entries = SuppressionRepository(session, tenant_id)
    entry = await entries.get_live(suppression_id)
    if entry is None:
        raise SuppressionNotFound
    is_their_word = entry.reason in PERSONS_WORD
    if is_their_word and not lifting.overrides:
        raise OptOutIsFinal(needs=Scope.OWNER.value, reason=entry.reason)
    await entries.lift(entry.id, by=lifting.by, because=lifting.because)
    facts: dict[str, object] = {"kind": entry.kind, "reason": entry.reason, "is_override": is_their_word}
    lifted = AuditEntry("suppression.lifted", actor=lifting.by, subject=("suppression", entry.id), facts=facts)
    await record(session, tenant_id, lifted)
    return entry


async def _put(
    session: AsyncSession, tenant_id: UUID, entries: Sequence[NewSuppression], *, source: str, by: str
) -> tuple[int, int]:
    """How many entries are new, and how many of the others have a graver reason now."""
    rows = SuppressionRepository(session, tenant_id)
    added = await rows.add(entries, source=source, by=by)
    known = [entry for entry in entries if entry.address_digest not in added]
    return len(added), len(await rows.strengthen(known, source=source, by=by))
