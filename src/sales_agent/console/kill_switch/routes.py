"""HTTP doors of the kill switch. They need PostgreSQL and nothing else: Redis may be dead."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Request

from sales_agent.access.auth.dependencies import authenticated_or_refused
from sales_agent.access.auth.principal import Principal
from sales_agent.console.kill_switch.emergency import Call, EmergencyDoor, Refusal
from sales_agent.console.kill_switch.schemas import ResumeAnswer, ResumeBody, StatusAnswer, StopAnswer, StopBody

router = APIRouter(prefix="/api/admin", tags=["kill switch"])

Caller = Annotated[Principal | Refusal, Depends(authenticated_or_refused)]
AdminToken = Annotated[str, Header(alias="X-Admin-Token", description="The installation's password.")]


def _door(request: Request) -> EmergencyDoor:
    return cast("EmergencyDoor", request.app.state.container.emergency)


Door = Annotated[EmergencyDoor, Depends(_door)]


@router.post("/emergency-stop")
async def emergency_stop(
    request: Request, caller: Caller, door: Door, body: StopBody | None = None, x_admin_token: AdminToken = ""
) -> StopAnswer:
    """Let nothing out: of the caller's tenant, or by the password of anybody.

    Answered once no call begins any more; those that had begun are counted. 403 on a wrong password.
    """
    asked = body or StopBody()
    call = Call(caller, asked.admin_password or x_admin_token, _client(request))
    return StopAnswer.of(await door.stop(call, asked.reason))


@router.post("/emergency-resume")
async def emergency_resume(
    request: Request, caller: Caller, door: Door, body: ResumeBody | None = None, x_admin_token: AdminToken = ""
) -> ResumeAnswer:
    """Lift the stop of the caller's tenant, or by the installation's password alone that of everybody.

    Always a password and a reason. What was cancelled stays cancelled.
    """
    asked = body or ResumeBody()
    call = Call(caller, asked.admin_password or x_admin_token, _client(request))
    status = await door.resume(call, asked.reason)
    return ResumeAnswer.of(status, auto_approve_enabled=await door.auto_approves(caller, status))


@router.get("/emergency-status")
async def emergency_status(
    request: Request, caller: Caller, door: Door, x_admin_token: AdminToken = ""
) -> StatusAnswer:
    """Whether anything may go out, of the caller's tenant, or by the password of everybody."""
    return StatusAnswer.of(await door.status(Call(caller, x_admin_token, _client(request))))


def _client(request: Request) -> str:
    return request.client.host if request.client is not None else ""
