"""Every query on held effects and on the wish to release them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.kit.pagination import Cursor, Page

# A write that was asked for and may still be made, or be found to have been.
_OPEN = (EffectStatus.HELD, EffectStatus.REFUSED, EffectStatus.INTENDED, EffectStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ListedEffect:
    """An effect, with the one it waits for."""

    effect: Effect
    waits_for: Effect | None


class HeldEffectRepository:
    """The held effects of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def page(self, *, status: EffectStatus, after: Cursor | None, limit: int) -> Page[ListedEffect]:
        """Effects of a status, oldest first, so that what others depend on comes before them."""
        matching = self._listed().where(Effect.status == status)
        if after is not None:
            matching = matching.where(sa.tuple_(Effect.created_at, Effect.id) > (after.at, after.id))
        rows = await self._session.execute(matching.order_by(Effect.created_at, Effect.id).limit(limit + 1))
        found = [ListedEffect(row[0], row[1]) for row in rows]
        last = found[limit - 1].effect if len(found) > limit else None
        return Page(found[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)

    async def get(self, effect_id: UUID) -> ListedEffect | None:
        """One effect, whatever its status."""
        row = (await self._session.execute(self._listed().where(Effect.id == effect_id))).one_or_none()
        return None if row is None else ListedEffect(row[0], row[1])

    async def locked(self, ids: Sequence[UUID]) -> Sequence[Effect]:
        """These effects, oldest first, locked in that order until the transaction ends."""
        rows = await self._session.scalars(
            sa.select(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.id.in_(ids))
            .order_by(Effect.created_at, Effect.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def ask(self, effect_id: UUID, *, by: str, digest: str) -> bool:
        """Ask for a held effect to be made as it is now; False where it is not held any more, or held too long."""
        return await self._change_held(
            effect_id,
            release_requested_at=sa.func.now(),
            release_requested_by=by,
            release_digest=digest,
            release_ended_at=None,
        )

    async def cancel(self, effect_id: UUID) -> bool:
        """Close a held effect for good; False where it is not held any more."""
        return await self._change_held(effect_id, status=EffectStatus.CANCELLED, settled_at=sa.func.now())

    async def asked_for(self, limit: int) -> Sequence[Effect]:
        """Effects somebody asked for and nobody has tried yet, oldest first; whatever became of them, if still open."""
        rows = await self._session.scalars(
            sa.select(Effect)
            .where(self._is_asked_for(), Effect.status.in_(_OPEN))
            .order_by(Effect.created_at, Effect.id)
            .limit(limit)
        )
        return rows.all()

    async def keep(self, effect_id: UUID, because: str) -> None:
        """The wish was tried and may not be made: it stays as it is, with the reason."""
        await self._session.execute(
            sa.update(Effect)
            .where(self._is_asked_for(), Effect.id == effect_id)
            .values(release_ended_at=sa.func.now(), held_because=because)
            .execution_options(synchronize_session=False)
        )

    async def end_closed(self) -> None:
        """Nobody need try what was made, given up or held for too long since somebody asked."""
        await self._session.execute(
            sa.update(Effect)
            .where(self._is_asked_for(), Effect.status.not_in(_OPEN))
            .values(release_ended_at=sa.func.now())
            .execution_options(synchronize_session=False)
        )

    async def end(self, effect_id: UUID) -> None:
        """The wish was tried, however it went."""
        await self._session.execute(
            sa.update(Effect)
            .where(self._is_asked_for(), Effect.id == effect_id)
            .values(release_ended_at=sa.func.now())
            .execution_options(synchronize_session=False)
        )

    async def end_all(self, *, because: str) -> int:
        """Nobody will try any more: what was certainly not made is held again. How many wishes ended."""
        certainly_not = Effect.status == EffectStatus.REFUSED
        ended = await self._session.execute(
            sa.update(Effect)
            .where(self._is_asked_for())
            .values(
                release_ended_at=sa.func.now(),
                status=sa.case((certainly_not, EffectStatus.HELD.value), else_=Effect.status),
                held_because=sa.case((certainly_not, because), else_=Effect.held_because),
            )
            .returning(Effect.id)
            .execution_options(synchronize_session=False)
        )
        return len(ended.all())

    def _listed(self) -> sa.Select[Effect, Effect]:
        before = aliased(Effect)
        waits_for = sa.and_(before.tenant_id == Effect.tenant_id, before.id == Effect.depends_on)
        return sa.select(Effect, before).outerjoin(before, waits_for).where(Effect.tenant_id == self._tenant_id)

    async def _change_held(self, effect_id: UUID, **values: object) -> bool:
        changed = await self._session.execute(
            sa.update(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.id == effect_id)
            .where(Effect.status == EffectStatus.HELD)
            .where(sa.or_(Effect.expires_at.is_(None), Effect.expires_at > sa.func.now()))
            .values(**values)
            .returning(Effect.id)
            .execution_options(synchronize_session=False)
        )
        return changed.first() is not None

    def _is_asked_for(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            Effect.tenant_id == self._tenant_id,
            Effect.release_requested_at.is_not(None),
            Effect.release_ended_at.is_(None),
        )
