"""Every query on suppressed addresses and domains."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.models import PERSONS_WORD, Suppression, SuppressionKind, SuppressionReason
from sales_agent.kit.ids import new_id
from sales_agent.kit.pagination import Cursor, Page

_ROWS = """jsonb_to_recordset(cast(:rows as jsonb))
         as r(id uuid, kind text, address_digest text, domain text, reason text)"""

# In one order, so that two lists that come in at once wait for each other instead of locking each other out.
_INSERT = sa.text(f"""
    insert into suppression (tenant_id, id, kind, address_digest, domain, reason, source, added_by)
    select :tenant, r.id, r.kind, r.address_digest, r.domain, r.reason, :source, :by
    from {_ROWS} order by r.address_digest
    on conflict (tenant_id, address_digest) do nothing
    returning address_digest""")  # noqa: S608 - the parts are written above

_BRING_BACK = sa.text(f"""
    update suppression s
    set reason = r.reason, source = :source, added_by = :by, created_at = now(),
        lifted_at = null, lifted_by = null, lifted_because = null
    from {_ROWS}
    where s.tenant_id = :tenant and s.address_digest = r.address_digest and s.lifted_at is not null
    returning s.address_digest""")  # noqa: S608 - as above

_STRENGTHEN = sa.text(f"""
    update suppression s set reason = r.reason, source = :source, added_by = :by
    from {_ROWS}
    where s.tenant_id = :tenant and s.address_digest = r.address_digest
        and s.lifted_at is null and r.reason = any(:persons_word) and not s.reason = any(:persons_word)
    returning s.address_digest""")  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class NewSuppression:
    """What is to be put on the list. `domain` is None where an address is meant."""

    address_digest: str
    reason: SuppressionReason
    domain: str | None = None

    @property
    def kind(self) -> SuppressionKind:
        """What it covers."""
        return SuppressionKind.ADDRESS if self.domain is None else SuppressionKind.DOMAIN


@dataclass(frozen=True, slots=True)
class SuppressionFilter:
    """Which entries to list; None is any. Lifted ones only where asked for."""

    reason: SuppressionReason | None = None
    kind: SuppressionKind | None = None
    with_lifted: bool = False


class SuppressionRepository:
    """The suppression list of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def live_among(self, digests: Sequence[str]) -> Sequence[Suppression]:
        """The entries under any of these digests that cover somebody now, oldest first."""
        rows = await self._session.scalars(
            self._live().where(Suppression.address_digest.in_(digests)).order_by(Suppression.created_at, Suppression.id)
        )
        return rows.all()

    async def add(self, entries: Sequence[NewSuppression], *, source: str, by: str) -> frozenset[str]:
        """Put entries on the list, each digest at most once; the digests that covered nobody until now."""
        inserted = await self._write(_INSERT, entries, source=source, by=by)
        there = [entry for entry in entries if entry.address_digest not in inserted]
        return inserted | await self._write(_BRING_BACK, there, source=source, by=by)

    async def strengthen(self, entries: Sequence[NewSuppression], *, source: str, by: str) -> frozenset[str]:
        """Let a person's own word replace a weaker reason; the digests of entries that changed."""
        return await self._write(
            _STRENGTHEN, entries, source=source, by=by, persons_word=[str(reason) for reason in PERSONS_WORD]
        )

    async def get_live(self, suppression_id: UUID) -> Suppression | None:
        """One entry that was not lifted, held until the transaction ends."""
        return await self._session.scalar(
            self._live()
            .where(Suppression.id == suppression_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def lift(self, suppression_id: UUID, *, by: str, because: str) -> None:
        """Let an entry cover nobody from now on."""
        await self._session.execute(
            sa.update(Suppression)
            .where(Suppression.tenant_id == self._tenant_id, Suppression.id == suppression_id)
            .values(lifted_at=sa.func.now(), lifted_by=by, lifted_because=because)
        )

    async def page(self, wanted: SuppressionFilter, *, after: Cursor | None, limit: int) -> Page[Suppression]:
        """Entries, newest first."""
        matching = sa.select(Suppression).where(Suppression.tenant_id == self._tenant_id)
        if not wanted.with_lifted:
            matching = matching.where(Suppression.lifted_at.is_(None))
        if wanted.reason is not None:
            matching = matching.where(Suppression.reason == wanted.reason)
        if wanted.kind is not None:
            matching = matching.where(Suppression.kind == wanted.kind)
        if after is not None:
            matching = matching.where(sa.tuple_(Suppression.created_at, Suppression.id) < (after.at, after.id))
        newest_first = matching.order_by(Suppression.created_at.desc(), Suppression.id.desc())
        rows = (await self._session.scalars(newest_first.limit(limit + 1))).all()
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(rows[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)

    async def count(self) -> int:
        """How many entries cover somebody now."""
        live = self._live().subquery()
        return await self._session.scalar(sa.select(sa.func.count()).select_from(live)) or 0

    async def _write(
        self, statement: sa.TextClause, entries: Sequence[NewSuppression], **values: object
    ) -> frozenset[str]:
        if not entries:
            return frozenset()
        rows = [
            {
                "id": str(new_id()),
                "kind": entry.kind,
                "address_digest": entry.address_digest,
                "domain": entry.domain,
                "reason": entry.reason,
            }
            for entry in entries
        ]
        written = await self._session.execute(
            statement, {"tenant": self._tenant_id, "rows": json.dumps(rows), **values}
        )
        return frozenset(row.address_digest for row in written)

    def _live(self) -> sa.Select[Suppression]:
        return sa.select(Suppression).where(Suppression.tenant_id == self._tenant_id, Suppression.lifted_at.is_(None))
