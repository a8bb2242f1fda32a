"""Every query on the kill switch, tenant settings and worker heartbeats."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.models import InstallationStop, KillSwitch, TenantSetting, Worker
from sales_agent.kit.ids import new_id


class KillSwitchRepository:
    """The one kill switch row of a tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def both(self) -> tuple[InstallationStop, KillSwitch | None]:
        """The installation's row and the tenant's in one statement, as committed now, not as seen before.

        Raises NoResultFound where the installation's row is gone, which must count as stopped.
        """
        found = await self._session.execute(
            sa.select(InstallationStop, KillSwitch)
            .join(KillSwitch, KillSwitch.tenant_id == self._tenant_id, isouter=True)
            .execution_options(populate_existing=True)
        )
        row = found.one()
        return row[0], row[1]

    async def stop(self, *, by: str, reason: str) -> bool:
        """Set it; whether it was not. One that is set keeps its first time, reason and name."""
        row = insert(KillSwitch).values(
            tenant_id=self._tenant_id, id=self._tenant_id, stopped_at=sa.func.now(), stopped_by=by, reason=reason
        )
        is_set = await self._session.execute(
            row.on_conflict_do_update(
                index_elements=["tenant_id", "id"],
                set_={"stopped_at": sa.func.now(), "stopped_by": by, "reason": reason},
                where=KillSwitch.stopped_at.is_(None),
            ).returning(KillSwitch.id)
        )
        return is_set.first() is not None

    async def resume(self) -> bool:
        """Clear it; whether it was set."""
        cleared = await self._session.execute(
            sa.update(KillSwitch)
            .where(KillSwitch.tenant_id == self._tenant_id, KillSwitch.stopped_at.is_not(None))
            .values(stopped_at=None, stopped_by="", reason="")
            .returning(KillSwitch.id)
        )
        return cleared.first() is not None


class SettingRepository:
    """What a tenant has changed from its defaults."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def all(self) -> Mapping[str, object]:
        """Values by key, as JSON holds them; None where a row is not of the shape that `put` writes."""
        rows = await self._session.execute(
            sa.select(TenantSetting.key, TenantSetting.value).where(TenantSetting.tenant_id == self._tenant_id)
        )
        return {row.key: _value_in(row.value) for row in rows}

    async def locked(self, key: str) -> dict[str, object] | None:
        """The row's value as `{"value": ...}`, locked until the transaction ends; None where nothing is changed."""
        return await self._session.scalar(
            sa.select(TenantSetting.value)
            .where(TenantSetting.tenant_id == self._tenant_id, TenantSetting.key == key)
            .with_for_update()
        )

    async def put(self, key: str, value: object, *, by: str) -> None:
        """Set a value."""
        changed = {"value": {"value": value}, "changed_by": by}
        row = insert(TenantSetting).values(tenant_id=self._tenant_id, id=new_id(), key=key, **changed)
        await self._session.execute(row.on_conflict_do_update(index_elements=["tenant_id", "key"], set_=changed))

    async def reset(self, key: str) -> bool:
        """Go back to the default; whether it was changed."""
        deleted = await self._session.execute(
            sa.delete(TenantSetting)
            .where(TenantSetting.tenant_id == self._tenant_id, TenantSetting.key == key)
            .returning(TenantSetting.id)
        )
        return deleted.first() is not None


class WorkerRepository:
    """Living processes. They belong to no tenant."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def beat(self, worker: Mapping[str, object]) -> None:
        """Note that a process lives and which stop it has seen; `worker` has the columns of its row."""
        present = {"stop_epoch": sa.select(InstallationStop.epoch).scalar_subquery()}
        row = insert(Worker).values(**worker, **present)
        seen = {"seen_at": sa.func.now(), **present}
        await self._session.execute(row.on_conflict_do_update(index_elements=["id"], set_=seen))

    async def seen_within(self, span: dt.timedelta) -> Sequence[Worker]:
        """Processes that gave a sign of life lately, by role."""
        rows = await self._session.scalars(
            sa.select(Worker).where(Worker.seen_at > sa.func.now() - span).order_by(Worker.role, Worker.started_at)
        )
        return rows.all()

    async def leave(self, worker_id: UUID) -> None:
        """Take a process that ends off the list."""
        await self._session.execute(sa.delete(Worker).where(Worker.id == worker_id))

    async def drop_unseen(self, span: dt.timedelta) -> None:
        """Take processes off the list that were killed that long ago."""
        await self._session.execute(sa.delete(Worker).where(Worker.seen_at < sa.func.now() - span))


def _value_in(stored: object) -> object:
    """The value of a row, which may have been written by anybody; None where it has another shape."""
    return cast("dict[str, object]", stored).get("value") if isinstance(stored, dict) else None
