"""The sealer: chains a tenant's events some seconds after they happened, so that nobody can change them unseen.

Events are inserted without a place in the chain, because a chain written by those who act would make them wait for
each other. The chain is in the order in which events were sealed, in each round by time. A transaction that stays open
for long can therefore not slip in behind it: its events are simply not sealed yet, whatever their time says, and are
found in a later round. What `verify` reports as unsealed is what the chain does not speak for.
"""

import datetime as dt
from collections.abc import Sequence

import structlog

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.chain import Link, next_link
from sales_agent.ledger.audit.repository import AuditRepository

log = structlog.get_logger()

# Rest of an event before it is sealed: most transactions are over by then, and so the chain follows time.
REST = dt.timedelta(seconds=2)

# A round looks this far back behind the event it sealed last, which spares it reading all history: no transaction of
# ours is held open while a provider is asked, so minutes are ample. The first round of a day does read it all. The
# directory function that tells which tenants have something to seal looks back as far.
LOOK_BACK = dt.timedelta(minutes=5)

# Links a transaction writes: some 100 ms of work.
BATCH = 1000


async def seal(database: TenantDatabase) -> int:
    """Seal what has rested long enough; the number of new links, 0 while another sealer is at it.

    The end of the chain is logged as `audit.sealed`: with it, kept elsewhere, even a chain cut short is found out.
    """
    sealed, since = 0, None
    while True:
        links, since = await _seal_batch(database, since)
        if links:
            sealed += len(links)
            head = {"sequence": links[-1].sequence, "hash": links[-1].hash}
            log.info("audit.sealed", tenant_id=str(database.tenant_id), count=len(links), **head)
        if len(links) < BATCH:
            return sealed


async def _seal_batch(database: TenantDatabase, since: dt.datetime | None) -> tuple[Sequence[Link], dt.datetime | None]:
    """The next links and the time of their last event; `since` is that of the batch before, None for the first."""
    async with database.transaction() as session:
        audit = AuditRepository(session, database.tenant_id)
        if not await audit.lock_sealing():
            return (), None
        last, now = await audit.last_link(), await audit.now()
        events = await audit.unsealed(since=since or await _start(audit, last, now), until=now - REST, limit=BATCH)
        links: list[Link] = []
        for event in events:
            last = next_link(last, event, now)
            links.append(last)
        await audit.add_links(links)
    return links, events[-1].at if events else None


async def _start(audit: AuditRepository, last: Link | None, now: dt.datetime) -> dt.datetime | None:
    """The time from which a round looks; None: from the first event."""
    if last is None or last.sealed_at.astimezone(dt.UTC).date() < now.astimezone(dt.UTC).date():
        return None
    happened_at = await audit.time_of(last.event_id)
    return None if happened_at is None else happened_at - LOOK_BACK
