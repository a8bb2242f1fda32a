"""Every query on the stop of the whole installation: the one row for everybody, its locks, and what was done to it."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.models import InstallationEvent, InstallationStop, Worker
from sales_agent.kit.ids import new_id

# Whoever listens reads the epoch again; told with every stop and resume.
STOP_CHANNEL = "sales_agent_stop"

_ONLY_ROW = 1
_LOCK_NOT_AVAILABLE = "55P03"

# Last looks share these locks until their transaction ends, and do not wait for each other. Two tenants whose names
# fall on one number wait for each other's stops, which does no harm.
_JOIN_LAST_LOOKS = sa.text("""
    select pg_advisory_xact_lock_shared(hashtext('kill_switch'), 0),
           pg_advisory_xact_lock_shared(hashtext('kill_switch'), hashtext(cast(:tenant as text)))""")
_WAIT_FOR_LAST_LOOKS = sa.text("select pg_advisory_xact_lock(hashtext('kill_switch'), :key)")
_KEY_OF_TENANT = sa.text("select hashtext(cast(:tenant as text))")
_WAIT_AT_MOST = sa.text("select set_config('lock_timeout', :milliseconds, true)")
_NOTIFY = sa.text(f"notify {STOP_CHANNEL}")


class StopRepository:
    """Works in any transaction: the row and the locks belong to no tenant."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self) -> InstallationStop:
        """The row as it is committed now."""
        rows = await self._session.scalars(
            sa.select(InstallationStop)
            .where(InstallationStop.id == _ONLY_ROW)
            .execution_options(populate_existing=True)
        )
        return rows.one()

    async def stop(self, *, by: str, reason: str) -> None:
        """Stop everybody; what is stopped keeps its first time, reason and name."""
        await self._session.execute(
            sa.update(InstallationStop)
            .where(InstallationStop.id == _ONLY_ROW, InstallationStop.stopped_at.is_(None))
            .values(stopped_at=sa.func.now(), stopped_by=by, reason=reason)
        )

    async def resume(self) -> bool:
        """Lift the stop of everybody; whether it was set."""
        lifted = await self._session.execute(
            sa.update(InstallationStop)
            .where(InstallationStop.id == _ONLY_ROW, InstallationStop.stopped_at.is_not(None))
            .values(stopped_at=None, stopped_by="", reason="")
            .returning(InstallationStop.id)
        )
        return lifted.first() is not None

    async def next_epoch(self) -> int:
        """Begin the next epoch and wake whoever listens, both when this transaction commits."""
        begun = await self._session.execute(
            sa.update(InstallationStop)
            .where(InstallationStop.id == _ONLY_ROW)
            .values(epoch=InstallationStop.epoch + 1)
            .returning(InstallationStop.epoch)
        )
        await self._session.execute(_NOTIFY)
        return begun.scalar_one()

    async def join_last_looks(self, tenant_id: UUID) -> None:
        """From here to the end of this transaction, let a stop wait for it."""
        await self._session.execute(_JOIN_LAST_LOOKS, {"tenant": str(tenant_id)})

    async def wait_for_last_looks(self, tenant_id: UUID | None, *, at_most_seconds: float) -> bool:
        """Wait until every last look of the tenant, or of all, that had begun before this call has ended.

        False where one takes longer; this transaction is of no use then.
        """
        await self._session.execute(_WAIT_AT_MOST, {"milliseconds": str(round(at_most_seconds * 1000))})
        key = 0
        if tenant_id is not None:
            key = (await self._session.execute(_KEY_OF_TENANT, {"tenant": str(tenant_id)})).scalar_one()
        try:
            await self._session.execute(_WAIT_FOR_LAST_LOOKS, {"key": key})
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            return False
        return True

    async def workers(self, epoch: int, *, seen_within: dt.timedelta) -> tuple[int, int]:
        """How many workers live, and how many of them have read this epoch or a later one."""
        counted = await self._session.execute(
            sa.select(sa.func.count(), sa.func.count().filter(Worker.stop_epoch >= epoch)).where(
                Worker.role == "worker", Worker.seen_at > sa.func.now() - seen_within
            )
        )
        living, confirmed = counted.one()
        return living, confirmed

    async def record(self, action: str, *, actor: str, reason: str = "", facts: Mapping[str, object]) -> None:
        """Write down what was done or refused."""
        await self._session.execute(
            sa.insert(InstallationEvent).values(
                id=new_id(), action=action, actor=actor, reason=reason, facts=dict(facts)
            )
        )
