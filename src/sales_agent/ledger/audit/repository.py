"""Every query on audit events and seals: insert and read, nothing else; the database grants no more."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.kit.pagination import Cursor, Page
from sales_agent.ledger.audit.chain import Link, SealedEvent
from sales_agent.ledger.audit.models import AuditEvent, AuditSeal

# One statement however many events, a microsecond apart in the order given, from the database's clock on.
_RECORD = sa.text("""
    insert into audit_event (tenant_id, id, actor, action, subject_type, subject_id, run_id, draft_id, trace_id, facts,
                             private_encrypted, at)
    select :tenant, e.id, e.actor, e.action, e.subject_type, e.subject_id, e.run_id, e.draft_id, e.trace_id, e.facts,
           e.private_encrypted, began.at + e.n * interval '1 microsecond'
    from (select clock_timestamp() as at) as began, unnest(
        cast(:ids as uuid[]), cast(:actors as text[]), cast(:actions as text[]), cast(:subject_types as text[]),
        cast(:subject_ids as uuid[]), cast(:run_ids as uuid[]), cast(:draft_ids as uuid[]), cast(:trace_ids as text[]),
        cast(:facts as jsonb[]), cast(:privates as text[]))
        with ordinality as e(id, actor, action, subject_type, subject_id, run_id, draft_id, trace_id, facts,
                             private_encrypted, n)""")

_ADD_LINKS = sa.text("""
    insert into audit_seal (tenant_id, id, sequence, previous_hash, hash, sealed_at)
    select :tenant, l.* from unnest(
        cast(:ids as uuid[]), cast(:sequences as bigint[]), cast(:befores as text[]), cast(:hashes as text[]),
        cast(:moments as timestamptz[])) as l""")

# Ends with the transaction; the first half of the key keeps it apart from advisory locks of other rooms.
_TRY_LOCK = sa.text("select pg_try_advisory_xact_lock(hashtext('audit_seal'), hashtext(cast(:tenant as text)))")


@dataclass(frozen=True, slots=True)
class NewAuditEvent:
    """A row of audit_event before it has an id and a time."""

    actor: str
    action: str
    subject_type: str
    subject_id: UUID | None
    run_id: UUID | None
    draft_id: UUID | None
    trace_id: str
    facts: Mapping[str, object]
    private_encrypted: str | None


class AuditRepository:
    """The audit trail of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def record(self, events: Sequence[NewAuditEvent]) -> None:
        """Insert events, unchained."""
        if not events:
            return
        await self._session.execute(
            _RECORD,
            {
                "tenant": self._tenant_id,
                "ids": [new_id() for _ in events],
                "actors": [event.actor for event in events],
                "actions": [event.action for event in events],
                "subject_types": [event.subject_type for event in events],
                "subject_ids": [event.subject_id for event in events],
                "run_ids": [event.run_id for event in events],
                "draft_ids": [event.draft_id for event in events],
                "trace_ids": [event.trace_id for event in events],
                "facts": [json.dumps(dict(event.facts), default=str) for event in events],
                "privates": [event.private_encrypted for event in events],
            },
        )

    async def of_run(self, run_id: UUID) -> Sequence[AuditEvent]:
        """The events of a run, oldest first."""
        rows = await self._session.scalars(
            sa.select(AuditEvent)
            .where(AuditEvent.tenant_id == self._tenant_id, AuditEvent.run_id == run_id)
            .order_by(AuditEvent.at, AuditEvent.id)
        )
        return rows.all()

    async def page_of_run(self, run_id: UUID, *, after: Cursor | None, limit: int) -> Page[AuditEvent]:
        """The events of a run as they happened, oldest first; the cursor is the last one seen."""
        matching = sa.select(AuditEvent).where(AuditEvent.tenant_id == self._tenant_id, AuditEvent.run_id == run_id)
        if after is not None:
            matching = matching.where(sa.tuple_(AuditEvent.at, AuditEvent.id) > (after.at, after.id))
        rows = await self._session.scalars(matching.order_by(AuditEvent.at, AuditEvent.id).limit(limit + 1))
        found = rows.all()
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], Cursor(last.at, last.id).encode() if last is not None else None)

    async def lock_sealing(self) -> bool:
        """Become this tenant's sealer until the transaction ends; False while another is."""
        return bool(await self._session.scalar(_TRY_LOCK, {"tenant": str(self._tenant_id)}))

    async def last_link(self) -> Link | None:
        """The end of the chain."""
        seal = await self._session.scalar(
            sa.select(AuditSeal)
            .where(AuditSeal.tenant_id == self._tenant_id)
            .order_by(AuditSeal.sequence.desc())
            .limit(1)
        )
        return None if seal is None else _link(seal)

    async def time_of(self, event_id: UUID) -> dt.datetime | None:
        """When an event happened, None where it is gone."""
        return await self._session.scalar(
            sa.select(AuditEvent.at).where(AuditEvent.tenant_id == self._tenant_id, AuditEvent.id == event_id)
        )

    async def now(self) -> dt.datetime:
        """The database's clock."""
        return (await self._session.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()

    async def unsealed(self, *, since: dt.datetime | None, until: dt.datetime, limit: int) -> Sequence[AuditEvent]:
        """Events outside the chain, by their time; without `since` all of them are looked through."""
        query = sa.select(AuditEvent).where(self._is_unsealed(), AuditEvent.at < until)
        if since is not None:
            query = query.where(AuditEvent.at >= since)
        rows = await self._session.scalars(query.order_by(AuditEvent.at, AuditEvent.id).limit(limit))
        return rows.all()

    async def add_links(self, links: Sequence[Link]) -> None:
        """Lengthen the chain."""
        await self._session.execute(
            _ADD_LINKS,
            {
                "tenant": self._tenant_id,
                "ids": [link.event_id for link in links],
                "sequences": [link.sequence for link in links],
                "befores": [link.previous_hash for link in links],
                "hashes": [link.hash for link in links],
                "moments": [link.sealed_at for link in links],
            },
        )

    async def links_after(self, sequence: int, limit: int) -> Sequence[SealedEvent]:
        """Links in order, each with its event as it stands now, None where it is gone."""
        seals = await self._session.scalars(
            sa.select(AuditSeal)
            .where(AuditSeal.tenant_id == self._tenant_id, AuditSeal.sequence > sequence)
            .order_by(AuditSeal.sequence)
            .limit(limit)
        )
        links = [_link(seal) for seal in seals]
        # Not a join: a planner without fresh statistics reads the whole trail for each of its pages.
        found = await self._session.scalars(
            sa.select(AuditEvent).where(
                AuditEvent.tenant_id == self._tenant_id, AuditEvent.id.in_([link.event_id for link in links])
            )
        )
        events = {event.id: event for event in found}
        return [SealedEvent(link, events.get(link.event_id)) for link in links]

    async def count_unsealed(self) -> int:
        """How many events stand outside the chain, all time."""
        query = sa.select(sa.func.count()).select_from(AuditEvent).where(self._is_unsealed())
        return (await self._session.execute(query)).scalar_one()

    def _is_unsealed(self) -> sa.ColumnElement[bool]:
        seal = sa.select(AuditSeal.id).where(AuditSeal.tenant_id == AuditEvent.tenant_id, AuditSeal.id == AuditEvent.id)
        return sa.and_(AuditEvent.tenant_id == self._tenant_id, ~seal.exists())


def _link(seal: AuditSeal) -> Link:
    return Link(seal.sequence, seal.id, seal.sealed_at, seal.previous_hash, seal.hash)
