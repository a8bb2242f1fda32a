"""The sealer: chains a tenant's events some seconds after they happened, so that nobody can change them unseen.

Events are inserted without a place in the chain, because a chain written by those who act would make them wait for
each other. The chain is in the order in which events were sealed, in each round by time. A transaction that stays open
for long can therefore not slip in behind it: its events are simply not sealed yet, whatever their time says, and are
found in a later round. What `verify` reports as unsealed is what the chain does not speak for.
"""

import datetime as dt

import structlog

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.chain import Link, next_link
from sales_agent.ledger.audit.repository import AuditRepository

log = structlog.get_logger()

# Rest of an event before it is sealed: most transactions are over by then, and so the chain follows time.
REST = dt.timedelta(seconds=2)

# A round looks this far back behind the last seal, which spares it reading all history; the first round of a day does
# read it all, so that what a transaction held open for longer is sealed as well.
LOOK_BACK = dt.timedelta(hours=1)

# Links a transaction writes: some 20 ms of work.
BATCH = 500


async def seal(database: TenantDatabase) -> int:
    """Seal what has rested long enough; the number of new links, 0 while another sealer is at it.

    The end of the chain is logged as `audit.sealed`: with it, kept elsewhere, even a chain cut short is found out.
    """
    sealed = 0
    while count := await _seal_batch(database):
        sealed += count
        if count < BATCH:
            break
    return sealed


async def _seal_batch(database: TenantDatabase) -> int:
    async with database.transaction() as session:
        audit = AuditRepository(session, database.tenant_id)
        if not await audit.lock_sealing():
            return 0
        last, now = await audit.last_link(), await audit.now()
        events = await audit.unsealed(since=_look_from(last, now), until=now - REST, limit=BATCH)
        links: list[Link] = []
        for event in events:
            last = next_link(last, event, now)
            links.append(last)
        await audit.add_links(links)
    if links:
        log.info(
            "audit.sealed",
            tenant_id=str(database.tenant_id),
            sequence=links[-1].sequence,
            hash=links[-1].hash,
            count=len(links),
        )
    return len(links)


def _look_from(last: Link | None, now: dt.datetime) -> dt.datetime | None:
    if last is None or last.sealed_at.astimezone(dt.UTC).date() < now.astimezone(dt.UTC).date():
        return None
    return last.sealed_at - LOOK_BACK
