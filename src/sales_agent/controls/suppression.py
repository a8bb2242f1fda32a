"""Addresses that are never written to again, kept as digests: they outlive the erasure of everything else."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.repository import SuppressionRepository
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.crypto import digest
from sales_agent.ledger.audit.record import SYSTEM, AuditEntry, record


async def is_suppressed(session: AsyncSession, tenant_id: UUID, email: str) -> bool:
    """Whether this person, in any spelling of the address, must not be written to."""
    return await SuppressionRepository(session, tenant_id).contains(address_digest(email))


async def suppress(
    session: AsyncSession, tenant_id: UUID, email: str, *, reason: str, source: str, by: str = SYSTEM
) -> bool:
    """Never write to this person again; whether that is new. `reason` and `source` name no person."""
    is_new = await SuppressionRepository(session, tenant_id).add(address_digest(email), reason=reason, source=source)
    if is_new:
        entry = AuditEntry("address.suppressed", actor=by, facts={"reason": reason, "source": source})
        await record(session, tenant_id, entry)
    return is_new


def address_digest(email: str) -> str:
    """What is kept of an address: the hex SHA-256 of its canonical form."""
    return digest(canonical_address(email))
