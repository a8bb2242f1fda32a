"""Writing the end of a tenant's chain down elsewhere, so that a chain cut short there is noticed here."""

import asyncio
from pathlib import Path

import structlog

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.anchor_repository import AnchorRepository
from sales_agent.ledger.audit.anchors import append_anchor
from sales_agent.ledger.audit.repository import AuditRepository
from sales_agent.ledger.audit.walk import Anchor

log = structlog.get_logger()


async def export_anchor(database: TenantDatabase, folder: Path) -> Anchor | None:
    """Append the chain's end to the tenant's file in `folder`, if it has moved; what was written.

    The file comes first: what this database remembers as exported has been. A crash between the two writes the same
    end twice, which proves the same. Raises OSError where the folder cannot be written.
    """
    async with database.transaction() as session:
        audit = AuditRepository(session, database.tenant_id)
        last, now = await audit.last_link(), await audit.now()
        exported = await AnchorRepository(session, database.tenant_id).last_sequence()
    if last is None or last.sequence <= exported:
        return None
    anchor = Anchor(last.sequence, last.hash, now)
    await asyncio.to_thread(append_anchor, folder, database.tenant_id, anchor)
    async with database.transaction() as session:
        await AnchorRepository(session, database.tenant_id).add(anchor)
    log.info("audit.anchored", tenant_id=str(database.tenant_id), sequence=anchor.sequence, hash=anchor.hash)
    return anchor
