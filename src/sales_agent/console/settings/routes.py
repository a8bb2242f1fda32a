"""HTTP doors to settings, flags and their history."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request

from sales_agent.access.auth.dependencies import require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.settings.changing import RESET, SettingsDoor, Wish
from sales_agent.console.settings.schemas import (
    ChangeItem,
    ChangePage,
    FlagBody,
    FlagItem,
    FlagList,
    ResetQuery,
    SettingItem,
    SettingList,
    SettingsBody,
)
from sales_agent.console.settings.showing import show_flags, show_settings
from sales_agent.controls.flags import turn_flag
from sales_agent.controls.history_repository import SettingHistoryRepository
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor

router = APIRouter(prefix="/api/admin", tags=["settings"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]


def _door(request: Request) -> SettingsDoor:
    return cast("SettingsDoor", request.app.state.container.settings_door)


Door = Annotated[SettingsDoor, Depends(_door)]


@router.get("/settings")
async def list_settings(caller: Reader, door: Door) -> SettingList:
    """Every switch, field of the seller's profile and limit: what counts now, its ceiling, who changed it last."""
    return await _shown(caller, door, [])


@router.post("/settings")
async def change_settings(caller: Admin, door: Door, body: SettingsBody) -> SettingList:
    """Change one setting or several, together or not at all. Switches go up to the environment's ceiling.

    Where mails would really leave after it, the checklist of `/api/admin/go-live` must be settled (409 otherwise).
    """
    changed = await door.change(caller, body.wish())
    return await _shown(caller, door, list(changed))


@router.get("/settings/history")
async def list_setting_changes(
    caller: Reader,
    door: Door,
    key: Annotated[str | None, Query(description="Changes of this setting alone.")] = None,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> ChangePage:
    """Who changed what from what to what, when and why: settings, flags and the tenant's kill switch, newest first."""
    after = Cursor.decode(cursor) if cursor else None
    async with door.database.transaction(caller.tenant_id) as session:
        page = await SettingHistoryRepository(session, caller.tenant_id).page(key, after=after, limit=limit)
    return ChangePage(items=[ChangeItem.of(change) for change in page.rows], next_cursor=page.next_cursor)


@router.delete("/settings/{key}")
async def reset_setting(caller: Admin, door: Door, key: str, why: Annotated[ResetQuery, Query()]) -> SettingList:
    """Go back to what the environment says."""
    changed = await door.change(caller, Wish({key: RESET}, why.reason, why.override_reason))
    return await _shown(caller, door, list(changed))


@router.get("/flags")
async def list_flags(caller: Reader, door: Door) -> FlagList:
    """What the product does of its own accord, and whether this tenant wants it."""
    async with door.database.transaction(caller.tenant_id) as session:
        flags = await show_flags(session, caller.tenant_id)
    return FlagList(flags=[FlagItem.of(flag) for flag in flags])


@router.post("/flags/{name}")
async def turn_one_flag(caller: Admin, door: Door, name: str, body: FlagBody) -> FlagList:
    """Turn a flag; it counts for steps that begin after this."""
    async with door.database.transaction(caller.tenant_id) as session:
        await turn_flag(session, caller.tenant_id, name, enabled=body.enabled, by=caller.actor, reason=body.reason)
    return await list_flags(caller, door)


async def _shown(caller: Principal, door: SettingsDoor, changed: list[str]) -> SettingList:
    ceiling = await door.ceiling(caller.tenant_id)
    async with door.database.transaction(caller.tenant_id) as session:
        shown = await show_settings(session, caller.tenant_id, door.settings, ceiling)
    return SettingList(settings=[SettingItem.of(row) for row in shown], changed=changed)
