"""How a route says who may call it: `Depends(require(Scope.OPERATE))`."""

from dataclasses import dataclass
from typing import Annotated, Protocol, cast

import structlog
from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from sales_agent.access.auth.api_keys import ApiKeys
from sales_agent.access.auth.csrf import require_own_page
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.sessions import SESSION_COOKIE, Sessions
from sales_agent.access.auth.tokens import TokenKind
from sales_agent.access.tenancy.context import enter_tenant
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotAllowed, NotAuthenticated


class ApiKeyMissing(NotAuthenticated):
    """Send an API key, as `Authorization: Bearer sa_...` or as `X-API-Key`, or sign in."""


class ScopeMissing(NotAllowed):
    """The caller does not have the scope this needs."""


class Container(Protocol):
    """What is read of the application's container (`app.state.container`)."""

    @property
    def database(self) -> Database: ...

    @property
    def settings(self) -> Settings: ...


_bearer = HTTPBearer(
    auto_error=False, scheme_name="bearer", description="An API key (`sales-agent keys create`), or a session's token."
)
_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, scheme_name="api_key", description="The same key in a header of its own."
)
_cookie = APIKeyCookie(
    name=SESSION_COOKIE,
    auto_error=False,
    scheme_name="session",
    description="A person's session (POST /api/session). Calls that change something also carry X-CSRF-Token.",
)


async def authenticated(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Principal:
    """Who calls, whatever they may do: by a credential in a header, else by the cookie of a session.

    Raises ApiKeyMissing, ApiKeyInvalid, SessionInvalid, CrossSiteRefused, CsrfTokenWrong.
    """
    container = _container(request)
    presented = bearer.credentials if bearer is not None else header
    if presented:
        principal = request.state.caller = await _behind(presented, container.database)
    elif cookie:
        # Known from here on, whatever is refused next: the audit trail says to whom.
        principal = request.state.caller = await Sessions(container.database).authenticate(cookie)
        base_url = container.settings.webhook_base_url
        require_own_page(request.method, request.headers, token=cookie, base_url=base_url)
    else:
        raise ApiKeyMissing
    request.state.session_token = (presented or cookie) if principal.user_id is not None else None
    enter_tenant(principal.tenant_id)
    structlog.contextvars.bind_contextvars(tenant_id=str(principal.tenant_id))
    return principal


async def _behind(presented: str, database: Database) -> Principal:
    if presented.startswith(TokenKind.SESSION):
        return await Sessions(database).authenticate(presented)
    return await ApiKeys(database).authenticate(presented)


async def authenticated_or_refused(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Principal | NotAuthenticated | NotAllowed:
    """Who calls, or why that cannot be told: for the doors that a password of their own opens too."""
    try:
        return await authenticated(request, bearer, header, cookie)
    except (NotAuthenticated, NotAllowed) as refusal:
        return refusal


def session_token(request: Request) -> str | None:
    """The secret of the session that stands for the caller; None for a program with an API key."""
    return request.state.session_token


def open_database(request: Request) -> Database:
    """The database of the application, for a route that works in transactions of its caller's tenant."""
    return _container(request).database


def open_settings(request: Request) -> Settings:
    """The settings of the application."""
    return _container(request).settings


def _container(request: Request) -> Container:
    return cast("Container", request.app.state.container)


@dataclass(frozen=True, slots=True)
class Requirement:
    """The dependency of a route that only callers with this scope may use; it gives the caller.

    A value rather than a closure, so that whoever reads the route table can tell what each door asks for.
    """

    scope: Scope

    async def __call__(self, principal: Annotated[Principal, Depends(authenticated)]) -> Principal:
        """The caller. Raises ScopeMissing."""
        if not principal.may(self.scope):
            raise ScopeMissing(needs=self.scope.value)
        return principal


def require(scope: Scope) -> Requirement:
    """What a route depends on that only callers with this scope may use; it gives the caller."""
    return Requirement(scope)
