"""Checking the chain from its first link: whether anything sealed was changed, taken out, put in or moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.chain import GENESIS, SealedEvent, link_hash
from sales_agent.ledger.audit.repository import AuditRepository

# Links read at a time.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link as it was exported earlier (the log event `audit.sealed`)."""

    sequence: int
    hash: str


START = Anchor(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the chain says: whole up to `sealed_to` (a sequence, 0 for none), and where it first breaks, if it does.

    `unsealed` events are not covered; `head` is the end of what is whole, to be kept elsewhere as an anchor.
    """

    sealed_to: int
    ok: bool
    first_broken_sequence: int | None
    unsealed: int
    head: Anchor


async def verify(database: TenantDatabase, anchors: Sequence[Anchor] = ()) -> Verification:
    """Check every link with its event, and that each anchor lies on the chain.

    The chain proves that what is there was not changed. That its end is still there only an anchor proves.
    """
    head, broken = await _walk(database, {anchor.sequence: anchor.hash for anchor in anchors})
    if broken is None and any(anchor.sequence > head.sequence for anchor in anchors):
        broken = head.sequence + 1
    async with database.transaction() as session:
        unsealed = await AuditRepository(session, database.tenant_id).count_unsealed()
    return Verification(head.sequence, broken is None, broken, unsealed, head)


async def _walk(database: TenantDatabase, anchors: dict[int, str]) -> tuple[Anchor, int | None]:
    """The last link that is whole, and the sequence of the first that is not."""
    head = START
    while True:
        async with database.transaction() as session:
            links = await AuditRepository(session, database.tenant_id).links_after(head.sequence, BATCH)
        for sealed in links:
            if not _follows(head, sealed) or anchors.get(sealed.link.sequence, sealed.link.hash) != sealed.link.hash:
                return head, head.sequence + 1
            head = Anchor(sealed.link.sequence, sealed.link.hash)
        if len(links) < BATCH:
            return head, None


def _follows(head: Anchor, sealed: SealedEvent) -> bool:
    link, event = sealed.link, sealed.event
    return (
        event is not None
        and link.sequence == head.sequence + 1
        and link.previous_hash == head.hash
        and link.hash == link_hash(link.sequence, link.previous_hash, link.sealed_at, event)
    )
