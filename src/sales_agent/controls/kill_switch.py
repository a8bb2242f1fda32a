"""The kill switch of a tenant: while it is set, no outward write is made. In doubt it is set."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.repository import KillSwitchRepository
from sales_agent.ledger.audit.record import AuditEntry, record

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class KillSwitchStatus:
    """Since when, by whom and why outward writes are stopped; `stopped_at` is None while they are not."""

    stopped_at: dt.datetime | None = None
    stopped_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """Reads and sets the switch within a transaction of the tenant."""

    session: AsyncSession
    tenant_id: UUID

    async def is_stopped(self) -> bool:
        """Whether nothing may go out. No row: never stopped. A switch that cannot be read counts as set."""
        try:
            return (await self.status()).stopped_at is not None
        except (SQLAlchemyError, OSError) as error:
            log.warning("kill_switch.unreadable", tenant_id=str(self.tenant_id), error=type(error).__name__)
            return True

    async def status(self) -> KillSwitchStatus:
        """How the switch stands."""
        row = await self._rows().get()
        return KillSwitchStatus() if row is None else KillSwitchStatus(row.stopped_at, row.stopped_by, row.reason)

    async def stop(self, *, by: str, reason: str) -> None:
        """Let nothing out from the end of this transaction on; a tenant that is stopped stays as it is."""
        await self._rows().stop(by=by, reason=reason)
        await record(self.session, self.tenant_id, AuditEntry("kill_switch.stopped", actor=by))

    async def resume(self, *, by: str) -> bool:
        """Let writes out again; whether they were stopped."""
        was_stopped = await self._rows().resume()
        if was_stopped:
            await record(self.session, self.tenant_id, AuditEntry("kill_switch.resumed", actor=by))
        return was_stopped

    def _rows(self) -> KillSwitchRepository:
        return KillSwitchRepository(self.session, self.tenant_id)
