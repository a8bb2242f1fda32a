"""The audit trail from the command line: exported, and verified where it lies or from a file alone."""

import os
from collections.abc import Callable, Sequence
from typing import TextIO
from uuid import UUID

from sales_agent.bootstrap.command_line import COMMAND_LINE
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.setup import tenant_of
from sales_agent.config import Settings
from sales_agent.console.audit.taking import begin_export, remembered_anchors
from sales_agent.ledger.audit.anchors import AnchorLine, anchors_file, read_anchors
from sales_agent.ledger.audit.export import ExportHead, export_lines
from sales_agent.ledger.audit.verify import Verification, verify
from sales_agent.ledger.audit.verify_export import AnchorsOfAnotherTenant

Progress = Callable[[int], None]


async def export_trail(settings: Settings, *, slug: str, out: TextIO, progress: Progress) -> ExportHead:
    """Write all that is sealed to `out`; that it was taken is recorded. Raises TenantUnknown."""
    container = build_container(settings)
    try:
        tenant = container.database.tenant(await tenant_of(container.database, slug))
        head = await begin_export(tenant, by=COMMAND_LINE.actor)
        count = -1  # the first line is about the whole
        async for piece in export_lines(tenant, head):
            out.write(piece)
            count += piece.count("\n")
            progress(count)
        out.flush()
        if out.seekable():
            os.fsync(out.fileno())
        return head
    finally:
        await container.close()


async def verify_trail(
    settings: Settings, *, slug: str, given: Sequence[AnchorLine], progress: Progress
) -> tuple[UUID, Verification]:
    """Whether the trail in the database is whole, by its own anchors, those of its file here, and those given.

    Raises TenantUnknown, AnchorsUnreadable, AnchorsOfAnotherTenant.
    """
    container = build_container(settings)
    try:
        tenant = container.database.tenant(await tenant_of(container.database, slug))
        ours = [line.anchor for line in given if line.tenant_id == tenant.tenant_id]
        if given and not ours:
            raise AnchorsOfAnotherTenant(str(tenant.tenant_id))
        file = anchors_file(settings.anchors_folder, tenant.tenant_id)
        if file.exists():
            ours += [line.anchor for line in read_anchors(file)]
        anchors = dict.fromkeys([*ours, *await remembered_anchors(tenant)])
        return tenant.tenant_id, await verify(tenant, list(anchors), progress=progress)
    finally:
        await container.close()
