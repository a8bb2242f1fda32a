"""From a method and a path to the handler that plays that endpoint."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import TypeAlias
from urllib.parse import unquote

from sales_agent.sandbox.wire import Answer, Call, Provider

Handler: TypeAlias = Callable[[Call], Answer]


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: `template` holds named parts in braces, each standing for one path segment."""

    method: str
    template: str
    act: Handler


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """The endpoint a request belongs to, with the named parts of its path."""

    provider: Provider
    route: Route
    params: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    provider: Provider
    route: Route
    parts: tuple[str, ...]

    def params(self, segments: list[str]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for part, segment in zip(self.parts, segments, strict=True):
            if part.startswith("{"):
                found[part[1:-1]] = unquote(segment)
            elif part != segment:
                return None
        return found


class RouteTable:
    """All endpoints in order: of two that fit, the earlier one wins, so literal paths stand before named parts."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, int], list[_Entry]] = {}

    def add(self, provider: Provider, routes: Iterable[Route]) -> None:
        for route in routes:
            parts = tuple(route.template.strip("/").split("/"))
            self._entries.setdefault((route.method, len(parts)), []).append(_Entry(provider, route, parts))

    def find(self, method: str, raw_path: str) -> Match | None:
        """The endpoint for a path as it came over the wire, still percent-encoded."""
        segments = raw_path.strip("/").split("/")
        for entry in self._entries.get((method, len(segments)), ()):
            params = entry.params(segments)
            if params is not None:
                return Match(entry.provider, entry.route, params)
        return None
