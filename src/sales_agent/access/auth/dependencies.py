"""How a route says who may call it: `Depends(require(Scope.OPERATE))`."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, cast

import structlog
from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from sales_agent.access.auth.api_keys import ApiKeys
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.tenancy.context import enter_tenant
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotAllowed, NotAuthenticated


class ApiKeyMissing(NotAuthenticated):
    """Send an API key, as `Authorization: Bearer sa_...` or as `X-API-Key`."""


class ScopeMissing(NotAllowed):
    """The API key does not have the scope this needs."""


class Container(Protocol):
    """What is read of the application's container (`app.state.container`)."""

    @property
    def database(self) -> Database: ...


_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="An API key: `sales-agent keys create`.")
_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, scheme_name="api_key", description="The same key in a header of its own."
)


async def authenticated(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
) -> Principal:
    """Who calls, whatever they may do. Raises ApiKeyMissing, ApiKeyInvalid."""
    plain = bearer.credentials if bearer is not None else header
    if not plain:
        raise ApiKeyMissing
    principal = await ApiKeys(open_database(request)).authenticate(plain)
    enter_tenant(principal.tenant_id)
    structlog.contextvars.bind_contextvars(tenant_id=str(principal.tenant_id))
    return principal


def open_database(request: Request) -> Database:
    """The database of the application, for a route that works in transactions of its caller's tenant."""
    return cast("Container", request.app.state.container).database


def require(scope: Scope) -> Callable[[Principal], Awaitable[Principal]]:
    """The dependency of a route that only callers with this scope may use; it gives the caller."""

    async def permitted(principal: Annotated[Principal, Depends(authenticated)]) -> Principal:
        if not principal.may(scope):
            raise ScopeMissing(needs=scope.value)
        return principal

    return permitted
