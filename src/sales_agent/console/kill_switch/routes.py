"""HTTP doors of the kill switch. They need PostgreSQL and nothing else: Redis may be dead."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Request

from sales_agent.access.auth.attempts import network_of
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
    """Let nothing out: of the caller's tenant, or, with the admin password alone, of the whole installation.

    Answered once no call begins any more; those that had begun are counted. 403 on a wrong password. A name in the
    body that is not known is passed over: no slip stands in the way of a stop.
    """
    asked = body or StopBody()
    call = Call(caller, asked.admin_password or x_admin_token, _client(request))
    return StopAnswer.of(await door.stop(call, asked.reason), passed_over=sorted(asked.model_extra or ()))


@router.post("/emergency-resume")
async def emergency_resume(
    request: Request, caller: Caller, door: Door, body: ResumeBody | None = None, x_admin_token: AdminToken = ""
) -> ResumeAnswer:
    """Lift the stop of the caller's tenant, or, with the admin password alone, that of the whole installation.

    Always a password and a reason. What was cancelled stays cancelled.
    """
    asked = body or ResumeBody()
    call = Call(caller, asked.admin_password or x_admin_token, _client(request))
    resumed = await door.resume(call, asked.reason)
    return ResumeAnswer.of(resumed, auto_approve_enabled=await door.auto_approves(caller, resumed.status))


@router.get("/emergency-status")
async def emergency_status(
    request: Request, caller: Caller, door: Door, x_admin_token: AdminToken = ""
) -> StatusAnswer:
    """Whether anything may go out: of the caller's tenant, or, with X-Admin-Token alone, of the whole installation."""
    return StatusAnswer.of(await door.status(Call(caller, x_admin_token, _client(request))))


def _client(request: Request) -> str:
    return network_of(request.client.host if request.client is not None else None)
