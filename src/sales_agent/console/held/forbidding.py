"""What forbids held writes at this moment: asked when they are shown, and again when somebody wants them released."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.hold_reasons import STOPPED, UNREADABLE, hold_reason
from sales_agent.controls.settings import SWITCHES, Switches
from sales_agent.effects.kinds import EffectKinds
from sales_agent.effects.models import Effect
from sales_agent.kit.errors import Conflict

# Every reason there is, and the way out of it.
ONCE_LIFTED: Final[Mapping[str, str]] = {
    STOPPED: "Lift the stop, then release it.",
    UNREADABLE: "Release it once the switches can be read again.",
    **{f"{switch.upper()} is off": f"Turn {switch.upper()} on, then release it." for switch in SWITCHES},
}


class ReleaseForbidden(Conflict):
    """A switch forbids this write at this moment, so that releasing it would do nothing."""


async def forbidden(
    session: AsyncSession, tenant_id: UUID, kinds: EffectKinds, ceiling: Switches, effects: Iterable[Effect]
) -> Mapping[str, str]:
    """The kinds of these effects that may not be made now, each with the reason."""
    found: dict[str, str] = {}
    for name in {effect.kind for effect in effects} & set(kinds):
        reason = await hold_reason(session, tenant_id, ceiling, kinds[name].switch)
        if reason is not None:
            found[name] = reason
    return found


async def require_allowed(
    session: AsyncSession, tenant_id: UUID, kinds: EffectKinds, ceiling: Switches, effects: Iterable[Effect]
) -> None:
    """Raises ReleaseForbidden, which names the switch."""
    chosen = list(effects)
    reasons = await forbidden(session, tenant_id, kinds, ceiling, chosen)
    for effect in chosen:
        if reason := reasons.get(effect.kind):
            raise ReleaseForbidden(
                f"{reason}. {ONCE_LIFTED.get(reason, '')}".strip(),
                effect_id=effect.id,
                kind=effect.kind,
                because=reason,
            )
