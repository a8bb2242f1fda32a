"""Whole suppression lists: taken over from a file, and handed out as one, by HTTP and on the command line alike."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.suppression import suppress_all
from sales_agent.controls.suppression_file import BadLine, read_list, written_list
from sales_agent.controls.suppression_repository import SuppressionFilter, SuppressionRepository
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import Cursor
from sales_agent.ledger.audit.record import AuditEntry, record

SOURCE = "import"

# One look-up's worth: an export needs the memory of this many entries, however long the list is.
_ENTRIES_A_PIECE = 2_000


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of a file. `known`: good lines whose entry was there already, or stood in the file twice."""

    added: int
    known: int
    bad: tuple[BadLine, ...]


async def take_over(
    database: Database, tenant_id: UUID, raw: bytes, *, reason: SuppressionReason, by: str
) -> TakenOver:
    """Add every good line of a file, or none where the database refuses. Raises ListNotUnderstood, ListTooLong."""
    found = await asyncio.to_thread(read_list, raw, reason=reason)
    async with database.transaction(tenant_id) as session:
        added = await suppress_all(session, tenant_id, found.entries, source=SOURCE, by=by)
    return TakenOver(added, len(found.entries) - added, found.bad)


async def hand_out(database: Database, tenant_id: UUID, *, by: str) -> AsyncIterator[str]:
    """Every entry that covers somebody, as CSV in pieces; that it was asked for is on record before the first."""
    async with database.transaction(tenant_id) as session:
        await record(session, tenant_id, AuditEntry("suppressions.exported", actor=by))
    return _pieces(database, tenant_id)


async def _pieces(database: Database, tenant_id: UUID) -> AsyncIterator[str]:
    """Each read in a transaction of its own: a slow reader keeps none open."""
    cursor: str | None = None
    is_first = True
    while is_first or cursor is not None:
        after = Cursor.decode(cursor) if cursor is not None else None
        async with database.transaction(tenant_id) as session:
            page = await SuppressionRepository(session, tenant_id).page(
                SuppressionFilter(), after=after, limit=_ENTRIES_A_PIECE
            )
        yield written_list(page.rows, with_header=is_first)
        is_first, cursor = False, page.next_cursor
