"""How a tenant's settings and flags stand: what counts now, how far it may go, and who turned it last."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import Settings
from sales_agent.controls.flags import FLAGS, HISTORY_PREFIX, read_flags
from sales_agent.controls.history_repository import SettingHistoryRepository
from sales_agent.controls.models import SettingChange
from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.sending_policy import POLICY
from sales_agent.controls.settings import PROFILE, SWITCHES, Switches, check_setting
from sales_agent.kit.errors import AppError


class SettingKind(StrEnum):
    """What a setting is about: what may leave the house, who sells, or how much is sent when."""

    SWITCH = "switch"
    PROFILE = "profile"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """One setting.

    `ceiling`: of a switch, how far the environment lets it go. `problem`: of a stored value that does not fit.
    """

    key: str
    kind: SettingKind
    value: object
    default: object
    is_changed: bool
    about: str
    ceiling: bool | None = None
    problem: str = ""
    last_change: SettingChange | None = None


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """One flag."""

    name: str
    enabled: bool
    default: bool
    about: str
    last_change: SettingChange | None = None


async def show_settings(
    session: AsyncSession, tenant_id: UUID, settings: Settings, ceiling: Switches
) -> Sequence[ShownSetting]:
    """Every setting a tenant may change, switches first, in the order of their tables."""
    stored = await SettingRepository(session, tenant_id).all()
    last = await SettingHistoryRepository(session, tenant_id).last_changes()
    effective = asdict(ceiling.lowered({key: stored[key] for key in SWITCHES if key in stored}))
    switches = [
        ShownSetting(
            key=key,
            kind=SettingKind.SWITCH,
            value=effective[key],
            default=getattr(ceiling, key),
            is_changed=key in stored,
            about=_about(key),
            ceiling=getattr(ceiling, key),
            problem=_problem(key, stored, ceiling),
            last_change=last.get(key),
        )
        for key in SWITCHES
    ]
    others = [
        ShownSetting(
            key=key,
            kind=kind,
            value=stored.get(key, getattr(settings, key)),
            default=getattr(settings, key),
            is_changed=key in stored,
            about=_about(key),
            problem=_problem(key, stored, ceiling),
            last_change=last.get(key),
        )
        for kind, keys in ((SettingKind.PROFILE, PROFILE), (SettingKind.POLICY, POLICY))
        for key in keys
    ]
    return [*switches, *others]


async def show_flags(session: AsyncSession, tenant_id: UUID) -> Sequence[ShownFlag]:
    """Every flag, in the order of its table."""
    flags = await read_flags(session, tenant_id)
    last = await SettingHistoryRepository(session, tenant_id).last_changes()
    return [
        ShownFlag(row.flag, flags[row.flag], row.default, row.about, last.get(HISTORY_PREFIX + row.flag))
        for row in FLAGS
    ]


def _about(key: str) -> str:
    return Settings.model_fields[key].description or ""


def _problem(key: str, stored: Mapping[str, object], ceiling: Switches) -> str:
    """What is wrong with a row that nobody of ours has written, or that the environment has overtaken."""
    if key not in stored:
        return ""
    try:
        check_setting(key, stored[key], ceiling)
    except AppError as error:
        return error.detail or error.title()
    return ""
