"""The kill switch, of one tenant and of the whole installation: while either is set, no outward write is made.

In doubt it is set. How a stop and a write that is about to be made cannot miss each other: docs/decisions/0011.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.history_repository import NewChange, SettingHistoryRepository
from sales_agent.controls.repository import KillSwitchRepository
from sales_agent.controls.stop_repository import StopRepository
from sales_agent.kit.storable import storable_text
from sales_agent.ledger.audit.record import AuditEntry, record

log = structlog.get_logger()

# Under this name the switch stands in the history of the settings.
HISTORY_KEY = "kill_switch"


class StopScope(StrEnum):
    """Whose writes are stopped."""

    NONE = "none"
    TENANT = "tenant"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class KillSwitchStatus:
    """Since when, by whom and why outward writes are stopped; `stopped_at` is None while they are not.

    Where both are stopped, `scope` and the rest speak of the installation, and `is_tenant_stopped` is true. `epoch`
    grows with every stop and resume of anybody.
    """

    stopped_at: dt.datetime | None = None
    stopped_by: str = ""
    reason: str = ""
    scope: StopScope = StopScope.NONE
    is_tenant_stopped: bool = False
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """Reads both switches, and sets the tenant's, within a transaction of the tenant."""

    session: AsyncSession
    tenant_id: UUID

    async def is_stopped(self) -> bool:
        """Whether nothing may go out. A switch that cannot be read counts as set."""
        try:
            return (await self.status()).stopped_at is not None
        except (SQLAlchemyError, OSError) as error:
            log.warning("kill_switch.unreadable", tenant_id=str(self.tenant_id), error=type(error).__name__)
            return True

    async def join_last_looks(self) -> None:
        """Let a stop wait for this transaction: taken before the switch is read for the last time before a call."""
        await StopRepository(self.session).join_last_looks(self.tenant_id)

    async def status(self) -> KillSwitchStatus:
        """How both switches stand, read in one statement."""
        everybody, tenant = await self._rows().both()
        if everybody.stopped_at is not None:
            row, scope = everybody, StopScope.INSTALLATION
        elif tenant is not None and tenant.stopped_at is not None:
            row, scope = tenant, StopScope.TENANT
        else:
            return KillSwitchStatus(epoch=everybody.epoch)
        is_tenant_stopped = tenant is not None and tenant.stopped_at is not None
        return KillSwitchStatus(row.stopped_at, row.stopped_by, row.reason, scope, is_tenant_stopped, everybody.epoch)

    async def stop(self, *, by: str, reason: str) -> int:
        """Let nothing of this tenant out from the end of this transaction on; the epoch of the stop.

        A tenant that is stopped stays as it is; the reason of a later stop stands in the history.
        """
        epoch = await StopRepository(self.session).next_epoch()
        is_first = await self._rows().stop(by=by, reason=storable_text(reason))
        if is_first or reason.strip():
            await self._keep(before=not is_first, after=True, by=by, reason=reason)
        await record(self.session, self.tenant_id, AuditEntry("kill_switch.stopped", actor=by, facts={"epoch": epoch}))
        return epoch

    async def resume(self, *, by: str, reason: str = "") -> bool:
        """Let this tenant's writes out again; whether they were stopped. Nothing that was cancelled comes back."""
        epoch = await StopRepository(self.session).next_epoch()
        was_stopped = await self._rows().resume()
        if was_stopped:
            await self._keep(before=True, after=False, by=by, reason=reason)
            entry = AuditEntry("kill_switch.resumed", actor=by, facts={"epoch": epoch})
            await record(self.session, self.tenant_id, entry)
        return was_stopped

    async def _keep(self, *, before: bool, after: bool, by: str, reason: str) -> None:
        """The history of the settings tells who stopped and resumed when, and why, in their own words."""
        change = NewChange(HISTORY_KEY, {"value": before}, {"value": after}, by, reason)
        await SettingHistoryRepository(self.session, self.tenant_id).add(change)

    def _rows(self) -> KillSwitchRepository:
        return KillSwitchRepository(self.session, self.tenant_id)


@dataclass(frozen=True, slots=True)
class InstallationSwitch:
    """Reads and sets the switch of everybody; each turn is written down beside it, for it belongs to no tenant."""

    session: AsyncSession

    async def status(self) -> KillSwitchStatus:
        """How it stands."""
        row = await StopRepository(self.session).get()
        scope = StopScope.NONE if row.stopped_at is None else StopScope.INSTALLATION
        return KillSwitchStatus(row.stopped_at, row.stopped_by, row.reason, scope, epoch=row.epoch)

    async def stop(self, *, by: str, reason: str) -> int:
        """Let nothing of anybody out from the end of this transaction on; the epoch of the stop."""
        rows = StopRepository(self.session)
        epoch = await rows.next_epoch()
        await rows.stop(by=by, reason=storable_text(reason))
        await rows.record("kill_switch.stopped", actor=by, reason=storable_text(reason), facts={"epoch": epoch})
        return epoch

    async def resume(self, *, by: str, reason: str) -> bool:
        """Lift the stop of everybody, whatever tenants have stopped for themselves; whether it was set."""
        rows = StopRepository(self.session)
        epoch = await rows.next_epoch()
        was_stopped = await rows.resume()
        await rows.record("kill_switch.resumed", actor=by, reason=storable_text(reason), facts={"epoch": epoch})
        return was_stopped

    async def refuse(self, action: str, *, by: str, because: str) -> None:
        """Write down that somebody was turned away: `action` as in `kill_switch.stop_refused`."""
        await StopRepository(self.session).record(action, actor=by, facts={"because": because})
