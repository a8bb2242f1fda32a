"""Why an outward write must wait: the kill switch first, then the switch of its kind. In doubt it waits."""

from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.controls.settings import Switches, read_switches

STOPPED = "the kill switch is set"
UNREADABLE = "the switches cannot be read"


async def hold_reason(session: AsyncSession, tenant_id: UUID, ceiling: Switches, switch: str | None) -> str | None:
    """The reason, or None where the write may be made now. `switch` is a field of Switches that must be true."""
    if await KillSwitch(session, tenant_id).is_stopped():
        return STOPPED
    if switch is None:
        return None
    try:
        switches = await read_switches(session, tenant_id, ceiling)
    except (SQLAlchemyError, OSError):
        return UNREADABLE
    return None if getattr(switches, switch) else f"{switch.upper()} is off"
