"""THE table of feature flags: what the product does of its own accord, and a tenant may do without."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.flag_repository import FeatureFlagRepository
from sales_agent.controls.history_repository import NewChange, SettingHistoryRepository
from sales_agent.kit.errors import NotFound
from sales_agent.ledger.audit.record import AuditEntry, record

# Flags and settings share one history; a flag stands in it under its name behind this.
HISTORY_PREFIX = "flag."


class FlagUnknown(NotFound):
    """There is no flag of this name; `known` lists them."""


class Flag(StrEnum):
    """Every flag; what may leave the house is no flag but a switch."""

    RECALL_SIMILAR = "recall_similar"
    OFFER_FILES = "offer_files"
    PROPOSE_TIMES = "propose_times"


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One row of the table: the default, and what the flag does."""

    flag: Flag
    default: bool
    about: str


FLAGS: tuple[FlagRow, ...] = (
    FlagRow(Flag.RECALL_SIMILAR, default=True, about="Step 5 looks for earlier leads like this one and what worked."),
    FlagRow(Flag.OFFER_FILES, default=True, about="Step 6 looks for files that drafts may offer."),
    FlagRow(Flag.PROPOSE_TIMES, default=True, about="Step 7 proposes times for a meeting."),
)
_DEFAULTS: Mapping[str, bool] = {row.flag: row.default for row in FLAGS}


async def read_flags(session: AsyncSession, tenant_id: UUID) -> Mapping[Flag, bool]:
    """Every flag as it stands for this tenant."""
    turned = await FeatureFlagRepository(session, tenant_id).all()
    return {row.flag: turned.get(row.flag, row.default) for row in FLAGS}


async def is_on(session: AsyncSession, tenant_id: UUID, flag: Flag) -> bool:
    """Whether this tenant wants it."""
    return (await read_flags(session, tenant_id))[flag]


async def turn_flag(
    session: AsyncSession, tenant_id: UUID, name: str, *, enabled: bool, by: str, reason: str = ""
) -> bool:
    """Turn a flag; whether that changed anything. Raises FlagUnknown."""
    if name not in _DEFAULTS:
        raise FlagUnknown(name=name, known=sorted(_DEFAULTS))
    flags = FeatureFlagRepository(session, tenant_id)
    before = (await flags.all()).get(name)
    if (_DEFAULTS[name] if before is None else before) == enabled:
        return False
    await flags.put(name, enabled=enabled, by=by)
    told: dict[str, object] | None = None if before is None else {"value": before}
    await SettingHistoryRepository(session, tenant_id).add(
        NewChange(HISTORY_PREFIX + name, told, {"value": enabled}, by, reason)
    )
    await record(session, tenant_id, AuditEntry("flag.turned", actor=by, facts={"flag": name, "enabled": enabled}))
    return True
