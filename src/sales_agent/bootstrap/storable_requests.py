"""Texts that no column keeps, refused before a door works with them: in path, query and JSON of a request."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request

from sales_agent.kit.errors import InvalidInput
from sales_agent.kit.storable import is_storable

Place = tuple[str, ...]


class TextNotStorable(InvalidInput):
    """A text holds a NUL or half of a character, which cannot be kept; `at` says where."""


async def require_storable(request: Request) -> None:
    """What every door of the router list depends on. Raises TextNotStorable."""
    sent: dict[str, object] = {
        "path": request.path_params,
        "query": request.query_params.multi_items(),
        "body": await _json_of(request),
    }
    for place in _unstorable(sent):
        # A name that cannot be kept cannot be told either.
        raise TextNotStorable(at=[part if is_storable(part) else "?" for part in place])


async def _json_of(request: Request) -> object:
    """The body where it is JSON, as FastAPI takes it; a door that wants it otherwise, or none, has its own words."""
    kind, _, subtype = request.headers.get("content-type", "").partition(";")[0].strip().lower().partition("/")
    if kind != "application" or not (subtype == "json" or subtype.endswith("+json")):
        return None
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None


def _unstorable(sent: object) -> Iterator[Place]:
    """The places of the texts and names that cannot be kept. Without recursion: what is sent may be nested deeply."""
    waiting: list[tuple[Place, Any]] = [((), sent)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            if not is_storable(value):
                yield place
        elif isinstance(value, dict):
            waiting.extend(((*place, str(name)), below) for name, below in value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            waiting.extend(((*place, str(name)), str(name)) for name in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        elif isinstance(value, list | tuple):
            waiting.extend(((*place, str(index)), below) for index, below in enumerate(value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
