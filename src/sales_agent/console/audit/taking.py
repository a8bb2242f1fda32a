"""What the API and the command line share: an export that is itself recorded, the anchors the database remembers."""

from collections.abc import Sequence

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.anchor_repository import AnchorRepository
from sales_agent.ledger.audit.export import ExportHead, read_head
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.ledger.audit.walk import Anchor


async def begin_export(tenant: TenantDatabase, *, by: str) -> ExportHead:
    """Write down who takes the trail out of the house, and how much of it; what the export will hold."""
    head = await read_head(tenant)
    entry = AuditEntry("audit.exported", actor=by, facts={"count": head.head.sequence, "head": head.head.hash})
    async with tenant.transaction() as session:
        await record(session, tenant.tenant_id, entry)
    return head


async def remembered_anchors(tenant: TenantDatabase) -> Sequence[Anchor]:
    """The ends that were exported, by this database's word."""
    async with tenant.transaction() as session:
        return await AnchorRepository(session, tenant.tenant_id).all()
