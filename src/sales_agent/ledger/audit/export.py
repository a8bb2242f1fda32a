"""The sealed trail as a file that proves itself: one line about the whole, then a line a link, in order."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sales_agent.kit.canonical import canonical_json
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.chain import WrittenLink, moment, written
from sales_agent.ledger.audit.repository import AuditRepository
from sales_agent.ledger.audit.verify import BATCH, BEFORE_ALL
from sales_agent.ledger.audit.walk import START, Anchor

FORMAT = "sales-agent.audit"
VERSION = 1


@dataclass(frozen=True, slots=True)
class ExportHead:
    """The first line: whose trail, how long it is (`head`: its last link), how many events are not sealed yet."""

    tenant_id: UUID
    head: Anchor
    unsealed: int
    exported_at: dt.datetime

    def line(self) -> str:
        """As it is written."""
        content = {
            "format": FORMAT,
            "version": VERSION,
            "tenant_id": str(self.tenant_id),
            "count": self.head.sequence,
            "head": self.head.hash,
            "unsealed": self.unsealed,
            "exported_at": moment(self.exported_at),
        }
        return canonical_json(content) + "\n"


def link_line(link: WrittenLink) -> str:
    """A link as it is written."""
    content = {
        "sequence": link.sequence,
        "event_id": link.event_id,
        "sealed_at": link.sealed_at,
        "previous_hash": link.previous_hash,
        "hash": link.hash,
        "event": link.event,
    }
    return canonical_json(content) + "\n"


async def read_head(database: TenantDatabase) -> ExportHead:
    """What an export that begins now will hold."""
    async with database.transaction() as session:
        audit = AuditRepository(session, database.tenant_id)
        last, unsealed, now = await audit.last_link(), await audit.count_unsealed(), await audit.now()
    head = START if last is None else Anchor(last.sequence, last.hash)
    return ExportHead(database.tenant_id, head, unsealed, now)


async def export_lines(database: TenantDatabase, head: ExportHead) -> AsyncIterator[str]:
    """The export up to `head` in pieces of many lines, each piece read in a transaction of its own.

    It is written as it stands, broken links too: finding them is the reader's business.
    """
    yield head.line()
    last = BEFORE_ALL
    while last < head.head.sequence:
        async with database.transaction() as session:
            links = await AuditRepository(session, database.tenant_id).links_after(last, BATCH)
        if not links:
            return
        yield "".join(link_line(written(link)) for link in links if link.link.sequence <= head.head.sequence)
        last = links[-1].link.sequence
