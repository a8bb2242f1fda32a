"""Checking the chain in the database: whether anything sealed was changed, taken out, put in or moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.chain import written
from sales_agent.ledger.audit.repository import AuditRepository
from sales_agent.ledger.audit.walk import Anchor, Break, ChainWalk

# Links read at a time: some 20 ms of an event loop on which others wait to be answered.
BATCH = 250

# Lower than any sequence a column can hold but its least: a seal that was put in before the first one is read too.
BEFORE_ALL = -(2**63)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the chain says: whole up to `sealed_to` (a sequence, 0 for none), and where it first breaks, if it does.

    `unsealed` events are not covered, None where nobody can tell; `head` is the end of what is whole, to be kept
    elsewhere as an anchor; `anchors` is how many lie on it.
    """

    sealed_to: int
    broken: Break | None
    unsealed: int | None
    head: Anchor
    anchors: int = 0

    @property
    def ok(self) -> bool:
        """Whether it is whole."""
        return self.broken is None

    @property
    def first_broken_sequence(self) -> int | None:
        """The place of the first broken link."""
        return None if self.broken is None else self.broken.sequence


def nothing_to_tell(_: int) -> None:
    """For a caller who wants no progress."""


async def verify(
    database: TenantDatabase, anchors: Sequence[Anchor] = (), *, progress: Callable[[int], None] = nothing_to_tell
) -> Verification:
    """Check every link with its event, and that each anchor lies on the chain; `progress` hears how many are whole.

    The chain proves that what is there was not changed. That its end is still there only an anchor proves.
    """
    walk = ChainWalk(anchors)
    await _walk(database, walk, progress)
    async with database.transaction() as session:
        unsealed = await AuditRepository(session, database.tenant_id).count_unsealed()
    return Verification(walk.head.sequence, walk.broken, unsealed, walk.head, walk.anchors_met)


async def _walk(database: TenantDatabase, walk: ChainWalk, progress: Callable[[int], None]) -> None:
    last = BEFORE_ALL
    while True:
        async with database.transaction() as session:
            links = await AuditRepository(session, database.tenant_id).links_after(last, BATCH)
        for link in links:
            walk.take(written(link))
            if walk.is_over:
                return
        progress(walk.head.sequence)
        if len(links) < BATCH:
            walk.end()
            return
        last = links[-1].link.sequence
