"""Every query on effects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.kit.storable import storable_json

# The rows in hand keep telling how things stood when they were read: callers decide on that.
_AS_READ = {"synchronize_session": False}

# A held write that nobody released for two weeks answers a world that is gone.
HELD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Holder:
    """A job under a lease: who is allowed to be in the middle of a call."""

    job_id: UUID
    token: int


class EffectRepository:
    """The effects of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def wish(
        self,
        *,
        effect_id: UUID,
        key: str,
        kind: str,
        run_id: UUID | None,
        depends_on: UUID | None,
        payload: Mapping[str, object],
        holder: Holder,
    ) -> tuple[Effect, bool]:
        """The effect of this key, locked, and whether it is new (then intended as of now)."""
        inserted = await self._session.execute(
            insert(Effect)
            .values(
                tenant_id=self._tenant_id,
                id=effect_id,
                key=key,
                kind=kind,
                status=EffectStatus.INTENDED,
                run_id=run_id,
                depends_on=depends_on,
                payload=storable_json(payload),
                attempts=1,
                intended_at=sa.func.now(),
                holder_job_id=holder.job_id,
                holder_token=holder.token,
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "key"])
            .returning(Effect)
        )
        new = inserted.scalar_one_or_none()
        if new is not None:
            return new, True
        row = await self._session.execute(
            sa.select(Effect).where(Effect.tenant_id == self._tenant_id, Effect.key == key).with_for_update()
        )
        return row.scalar_one(), False

    async def get(self, effect_id: UUID) -> Effect | None:
        """One effect."""
        return await self._session.get(Effect, (self._tenant_id, effect_id))

    async def open_of(self, key: str) -> Effect | None:
        """The effect of this key, if there is one whose end is not known."""
        return await self._session.scalar(
            sa.select(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.key == key)
            .where(Effect.status.in_([EffectStatus.INTENDED, EffectStatus.UNKNOWN]))
        )

    async def of_run(self, run_id: UUID) -> Sequence[Effect]:
        """The effects of a run, in the order they were wished for."""
        rows = await self._session.scalars(
            sa.select(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.run_id == run_id)
            .order_by(Effect.created_at, Effect.id)
        )
        return rows.all()

    async def held(self, limit: int) -> Sequence[Effect]:
        """Held effects, oldest first, so that what others depend on comes first."""
        rows = await self._session.scalars(
            sa.select(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.status == EffectStatus.HELD)
            .order_by(Effect.created_at, Effect.id)
            .limit(limit)
        )
        return rows.all()

    async def unsettled(self, *, older_than_seconds: float, limit: int) -> Sequence[Effect]:
        """Effects whose end is not known and which nobody has touched for a while."""
        rows = await self._session.scalars(
            sa.select(Effect)
            .where(Effect.tenant_id == self._tenant_id)
            .where(Effect.status.in_([EffectStatus.INTENDED, EffectStatus.UNKNOWN]))
            .where(Effect.intended_at < sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, older_than_seconds))
            .order_by(Effect.intended_at)
            .limit(limit)
        )
        return rows.all()

    async def seconds_since_intended(self, effect_id: UUID) -> float:
        """How long ago the last attempt was intended, by the database's clock."""
        seconds = await self._session.scalar(
            sa.select(sa.extract("epoch", sa.func.now() - Effect.intended_at)).where(
                Effect.tenant_id == self._tenant_id, Effect.id == effect_id
            )
        )
        return float(seconds or 0.0)

    async def intend(
        self,
        effect: Effect,
        holder: Holder,
        *,
        run_id: UUID | None,
        depends_on: UUID | None,
        payload: Mapping[str, object],
    ) -> Effect | None:
        """Record that the write is about to be made once more, in these words; the effect as it is then.

        None if somebody else was quicker since it was read. Wished for by another run, it may be held as long as new.
        """
        return await self._session.scalar(
            sa.update(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.id == effect.id, Effect.attempts == effect.attempts)
            .values(
                status=EffectStatus.INTENDED,
                intended_at=sa.func.now(),
                permitted_at=None,
                attempts=Effect.attempts + 1,
                holder_job_id=holder.job_id,
                holder_token=holder.token,
                held_because=None,
                error=None,
                depends_on=depends_on,
                payload=storable_json(payload),
                expires_at=Effect.expires_at if run_id == effect.run_id else None,
                settled_at=None,
            )
            .returning(Effect),
            execution_options={**_AS_READ, "populate_existing": True},
        )

    async def permit(self, effect_id: UUID) -> bool:
        """Record that the call may begin; False where the write is not intended any more."""
        permitted = await self._session.execute(
            sa.update(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.id == effect_id)
            .where(Effect.status == EffectStatus.INTENDED)
            .values(permitted_at=sa.func.clock_timestamp())
            .returning(Effect.id),
            execution_options=_AS_READ,
        )
        return permitted.first() is not None

    async def in_flight(self, permit_seconds: float) -> tuple[int, int]:
        """How many permitted writes have not ended, and how many of them were permitted within these seconds."""
        lately = sa.func.clock_timestamp() - sa.func.make_interval(0, 0, 0, 0, 0, 0, permit_seconds)
        counted = await self._session.execute(
            sa.select(sa.func.count(), sa.func.count().filter(Effect.permitted_at > lately))
            .where(Effect.tenant_id == self._tenant_id, Effect.status == EffectStatus.INTENDED)
            .where(Effect.permitted_at.is_not(None))
        )
        all_of_them, lately_permitted = counted.one()
        return all_of_them, lately_permitted

    async def hold(self, effect_id: UUID, because: str) -> None:
        """Keep the write for later."""
        await self._set(
            effect_id,
            status=EffectStatus.HELD,
            held_because=because,
            expires_at=sa.func.coalesce(Effect.expires_at, sa.func.now() + sa.func.make_interval(0, 0, 0, HELD_DAYS)),
        )

    async def done(self, effect_id: UUID, *, provider_id: str, result: Mapping[str, object]) -> None:
        """Record the proof."""
        await self._set(
            effect_id,
            status=EffectStatus.DONE,
            provider_id=provider_id,
            result=storable_json(dict(result)),
            settled_at=sa.func.now(),
            held_because=None,
            error=None,
        )

    async def not_done(
        self, effect_id: UUID, status: EffectStatus, *, error: str, holder: Holder | None = None
    ) -> bool:
        """Record that the write was refused, or that its answer was lost; False where that is known better by now.

        `holder`: only while this one is in the middle of the call. A worker that was overtaken knows nothing any more.
        """
        changed = (
            sa.update(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.id == effect_id)
            .where(Effect.status.in_([EffectStatus.INTENDED, EffectStatus.UNKNOWN]))
            .values(status=status, error=error[:500])
            .returning(Effect.id)
        )
        if holder is not None:
            changed = changed.where(Effect.holder_job_id == holder.job_id, Effect.holder_token == holder.token)
        rows = await self._session.execute(changed, execution_options=_AS_READ)
        return rows.first() is not None

    async def expire(self) -> Sequence[UUID]:
        """Close held effects whose time is over; their ids."""
        rows = await self._session.scalars(
            sa.update(Effect)
            .where(Effect.tenant_id == self._tenant_id, Effect.status == EffectStatus.HELD)
            .where(Effect.expires_at < sa.func.now())
            .values(status=EffectStatus.EXPIRED, settled_at=sa.func.now())
            .returning(Effect.id)
        )
        return rows.all()

    async def _set(self, effect_id: UUID, **values: object) -> None:
        await self._session.execute(
            sa.update(Effect).where(Effect.tenant_id == self._tenant_id, Effect.id == effect_id).values(**values),
            execution_options=_AS_READ,
        )
