"""HTTP doors of people: sign in, who am I, sign out, and the way over an identity provider."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from sales_agent.access.auth.attempts import network_of
from sales_agent.access.auth.csrf import refuse_cross_site
from sales_agent.access.auth.dependencies import open_database, open_settings, require, session_token
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.config import Settings
from sales_agent.connectors.oidc import IdentityRefused
from sales_agent.console.signin.cookies import OIDC_COOKIE, OIDC_PATH
from sales_agent.console.signin.doors import SignInDoors
from sales_agent.console.signin.oidc_door import LASTS
from sales_agent.console.signin.presenter import show_caller, show_signed_in
from sales_agent.console.signin.schemas import OwnPasswordBody, SessionAnswer, SignInBody
from sales_agent.console.signin.sign_out import sign_out
from sales_agent.kit.db import Database

# Where a person lands who comes back from the identity provider.
HOME = "/"

router = APIRouter(prefix="/api", tags=["people"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Store = Annotated[Database, Depends(open_database)]
Chosen = Annotated[Settings, Depends(open_settings)]


def _doors(request: Request) -> SignInDoors:
    return cast("SignInDoors", request.app.state.container.sign_in)


Doors = Annotated[SignInDoors, Depends(_doors)]


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else None)


@router.post("/session")
async def sign_in(
    body: SignInBody, request: Request, response: Response, doors: Doors, database: Store, settings: Chosen
) -> SessionAnswer:
    """Sign in with a password; the session comes as a cookie. Ten wrong passwords a minute are answered 429."""
    refuse_cross_site(request.headers, base_url=settings.webhook_base_url)
    let_in = await doors.password.sign_in(body.email, body.password, slug=body.tenant, network=_network(request))
    doors.cookies.keep_session(response, let_in.session.token)
    async with database.transaction(let_in.user.tenant_id) as session:
        return await show_signed_in(session, let_in)


@router.get("/session")
async def show_session(caller: Reader, request: Request, database: Store) -> SessionAnswer:
    """Who calls, what they may do, and the token that a page sends along with what it changes."""
    async with database.transaction(caller.tenant_id) as session:
        return await show_caller(session, caller, session_token(request))


@router.post("/session/password")
async def change_own_password(
    body: OwnPasswordBody, caller: Reader, request: Request, response: Response, doors: Doors, database: Store
) -> SessionAnswer:
    """Change your own password. Every session of yours ends; the answer and its cookie are of a new one.

    For people alone: an API key has no password. A wrong current password (403) counts as one at sign-in (429).
    """
    let_in = await doors.own_password.change(
        caller, current=body.current_password, new=body.new_password, network=_network(request)
    )
    doors.cookies.keep_session(response, let_in.session.token)
    async with database.transaction(caller.tenant_id) as session:
        return await show_signed_in(session, let_in)


@router.delete("/session", status_code=204)
async def end_session(caller: Reader, response: Response, doors: Doors, database: Store) -> None:
    """Sign out."""
    async with database.transaction(caller.tenant_id) as session:
        await sign_out(session, caller)
    doors.cookies.drop_session(response)


@router.get(f"{OIDC_PATH.removeprefix('/api')}/start", status_code=302, response_class=RedirectResponse)
async def start_oidc(
    doors: Doors,
    tenant: Annotated[str | None, Query(max_length=100, description="Slug, where the address is in several.")] = None,
) -> RedirectResponse:
    """Send the browser to the identity provider (OIDC_ISSUER)."""
    departure = await doors.oidc.start(tenant)
    answer = RedirectResponse(departure.url, status_code=302)
    doors.cookies.keep_question(answer, departure.cookie, int(LASTS.total_seconds()))
    return answer


@router.get(f"{OIDC_PATH.removeprefix('/api')}/callback", status_code=303, response_class=RedirectResponse)
async def finish_oidc(
    request: Request,
    doors: Doors,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> RedirectResponse:
    """Where the identity provider sends the browser back to: signed in, if it vouches for somebody we know."""
    if error:
        raise IdentityRefused
    let_in = await doors.oidc.finish(state=state, code=code, cookie=request.cookies.get(OIDC_COOKIE, ""))
    answer = RedirectResponse(HOME, status_code=303)
    doors.cookies.keep_session(answer, let_in.session.token)
    doors.cookies.drop_question(answer)
    return answer
