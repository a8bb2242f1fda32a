"""HTTP door of the checklist."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from sales_agent.access.auth.dependencies import require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.go_live.schemas import Checklist
from sales_agent.console.settings.changing import SettingsDoor

router = APIRouter(prefix="/api/admin", tags=["going live"])

Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]


def _door(request: Request) -> SettingsDoor:
    return cast("SettingsDoor", request.app.state.container.settings_door)


@router.get("/go-live")
async def show_go_live(caller: Admin, door: Annotated[SettingsDoor, Depends(_door)]) -> Checklist:
    """What must be settled before a mail really leaves, judged now: every account is asked, nothing is written."""
    return Checklist.of(await door.checklist(caller.tenant_id))
