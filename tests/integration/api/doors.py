"""Every door of the application, read from its own route table: who may use it, and a request that fits it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from sales_agent.access.auth.csrf import SAFE_METHODS
from sales_agent.access.auth.dependencies import Requirement
from sales_agent.access.auth.principal import Scope
from sales_agent.config import Settings
from sales_agent.kit.ids import new_id
from sales_agent.main import create_app

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one path. `needs` is what it says by `Depends(require(...))`, None where it says nothing."""

    method: str
    path: str
    needs: Scope | None

    @property
    def name(self) -> tuple[str, str]:
        return self.method, self.path

    @property
    def changes_something(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def parameters(self) -> list[str]:
        """The names in its path."""
        return [part.strip("{}") for part in self.path.split("/") if part.startswith("{")]

    def filled(self, values: Mapping[str, object]) -> str:
        """Its path with a value for each name."""
        path = self.path
        for name in self.parameters:
            path = path.replace(f"{{{name}}}", str(values[name]))
        return path


def application() -> FastAPI:
    """The application, which need not run to be read."""
    return create_app(Settings(_env_file=None))


def doors() -> list[Door]:
    """Every one, those of included routers too."""
    found = [
        Door(method, context.path, _needs(context.original_route))
        for context in iter_route_contexts(application().routes)
        for method in context.methods or ()
        if method != "HEAD"
    ]
    return sorted(found, key=lambda door: door.name)


def _needs(route: object) -> Scope | None:
    """The scope of the one requirement among everything that the route depends on."""
    scopes = set(_requirements(route.dependant)) if isinstance(route, APIRoute) else set[Scope]()
    assert len(scopes) < 2, f"{route} asks for several scopes"
    return next(iter(scopes), None)


def _requirements(dependant: Dependant) -> Iterator[Scope]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Requirement):
            yield dependency.call.scope
        yield from _requirements(dependency)


class Bodies:
    """Makes the least body that each door takes, from the description of the API."""

    def __init__(self) -> None:
        self._document = application().openapi()

    def of(self, door: Door) -> Json | None:
        """None where the door takes none."""
        described = self._document["paths"][door.path][door.method.lower()].get("requestBody")
        if described is None or "application/json" not in described["content"]:
            return None
        return self._value(described["content"]["application/json"]["schema"])

    def _value(self, schema: Json) -> Any:
        if "$ref" in schema:
            return self._value(self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for known in ("const", "default"):
            if known in schema:
                return schema[known]
        if "enum" in schema:
            return schema["enum"][0]
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self._value(schema[several][0])
        return self._of_type(schema)

    def _of_type(self, schema: Json) -> Any:
        match schema.get("type"):
            case "object":
                return {name: self._value(schema["properties"][name]) for name in schema.get("required", ())}
            case "array":
                return [self._value(schema["items"]) for _ in range(schema.get("minItems", 0))]
            case "string":
                return self._text(schema)
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case _:
                return None

    def _text(self, schema: Json) -> str:
        tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        formats = {"uuid": str(new_id()), "date-time": tomorrow.isoformat()}
        return formats.get(schema.get("format", ""), "a" * max(schema.get("minLength", 1), 1))
