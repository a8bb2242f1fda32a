"""Changing a tenant's settings: as one wish, whole or not at all, and past the checklist where mails would leave."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.config import Settings
from sales_agent.console.go_live.checklist import Judged, judge
from sales_agent.console.go_live.facts import CheckConnectors, gather_facts
from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.settings import SWITCHES, Switches, change_setting, check_setting, reset_setting
from sales_agent.kit.db import Database
from sales_agent.kit.errors import Conflict, NotAllowed
from sales_agent.ledger.audit.record import AuditEntry, record

# The switches that together decide whether a mail really leaves.
_SENDING = ("draft_only", "allow_real_sends")


class GoLiveChecklistOpen(Conflict):
    """Mails would really leave, and points of the checklist are open; an owner may override them with a reason."""


class OverrideNeedsOwner(NotAllowed):
    """Only an owner may go live over open points of the checklist."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: keys with new values, or None for the environment's; why; and why over open points."""

    changes: Mapping[str, object]
    reason: str = ""
    override_reason: str = ""


class _Reset:
    """Stands for "as the environment says" among the values of a wish, since null may be a value."""


RESET = _Reset()


@dataclass(frozen=True, slots=True)
class SettingsDoor:
    """`ceiling(tenant_id)`: how far its switches may go. `connectors`: asks its accounts."""

    database: Database
    settings: Settings
    ceiling: Callable[[UUID | None], Awaitable[Switches]]
    connectors: CheckConnectors

    async def change(self, caller: Principal, wish: Wish) -> Sequence[str]:
        """Do all of it or nothing; the keys that changed.

        Raises SettingUnknown, SettingInvalid, SendingPolicyInvalid, SwitchAboveCeiling, GoLiveChecklistOpen,
        OverrideNeedsOwner.
        """
        tenant_id, ceiling = caller.tenant_id, await self.ceiling(caller.tenant_id)
        for key, value in wish.changes.items():
            if value is not RESET:
                check_setting(key, value, ceiling)
        overridden = await self._past_the_checklist(caller, wish, ceiling)
        changed: list[str] = []
        async with self.database.transaction(tenant_id) as session:
            for key, value in wish.changes.items():
                if value is RESET:
                    is_changed = await reset_setting(session, tenant_id, key, by=caller.actor, reason=wish.reason)
                else:
                    is_changed = await change_setting(
                        session, tenant_id, key, value, by=caller.actor, ceiling=ceiling,
                        reason=wish.reason or wish.override_reason,
                    )  # fmt: skip
                changed += [key] if is_changed else []
            if overridden:
                entry = AuditEntry("go_live.overridden", actor=caller.actor, facts={"open": overridden})
                await record(session, tenant_id, entry)
        return changed

    async def checklist(self, tenant_id: UUID) -> Sequence[Judged]:
        """Every point, judged now."""
        return judge(await gather_facts(self.database, self.settings, tenant_id, self.connectors))

    async def _past_the_checklist(self, caller: Principal, wish: Wish, ceiling: Switches) -> Sequence[str]:
        """The open points an owner overrides; none where nothing is open, or where no mail would leave by this."""
        if not await self._goes_live(caller.tenant_id, wish, ceiling):
            return ()
        open_points = [row.point.name for row in await self.checklist(caller.tenant_id) if row.is_open]
        if not open_points:
            return ()
        if wish.override_reason.strip() and caller.may(Scope.OWNER):
            return open_points
        error = OverrideNeedsOwner if wish.override_reason.strip() else GoLiveChecklistOpen
        raise error(open=open_points)

    async def _goes_live(self, tenant_id: UUID, wish: Wish, ceiling: Switches) -> bool:
        """Whether real sends are turned on, or drafts-only off where real sends are on."""
        if not any(key in _SENDING for key in wish.changes):
            return False
        async with self.database.transaction(tenant_id) as session:
            stored = await SettingRepository(session, tenant_id).all()
        wished = {**stored, **wish.changes}
        before, after = (
            ceiling.lowered({key: value for key, value in rows.items() if key in SWITCHES and value is not RESET})
            for rows in (stored, wished)
        )
        is_turned_on = after.allow_real_sends and not before.allow_real_sends
        return is_turned_on or (after.allow_real_sends and before.draft_only and not after.draft_only)
