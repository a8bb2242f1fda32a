"""Refuses query parameters that a door does not know: a misspelled filter would show, or do, more than was asked."""

from collections.abc import Iterator
from typing import Final

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from sales_agent.kit.errors import AppError

_API: Final = "/api/"

# The identity provider adds names of its own; the demo is for playing; and a stop is never refused for a slip.
OPEN_TO_ANY: Final = ("/api/auth/oidc/callback", "/api/demo/", "/api/admin/emergency-stop")


class ParameterUnknown(AppError):
    """This address takes no query parameter of this name; `known` lists those it takes."""

    status = 422


async def refuse_unknown_parameters(request: Request) -> None:
    """A dependency of every door of the API. Raises ParameterUnknown; the values are not repeated."""
    route, path = request.scope.get("route"), request.url.path
    if not request.query_params or not path.startswith(_API) or path.startswith(OPEN_TO_ANY):
        return
    if not isinstance(route, APIRoute):
        return
    known = set(_names(route.dependant))
    if unknown := sorted(set(request.query_params) - known):
        raise ParameterUnknown(unknown=unknown, known=sorted(known))


def _names(dependant: Dependant) -> Iterator[str]:
    """Every query parameter of a door and of what it depends on."""
    for field in dependant.query_params:
        shape = field.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            yield from shape.model_fields
        else:
            yield field.alias
    for below in dependant.dependencies:
        yield from _names(below)
