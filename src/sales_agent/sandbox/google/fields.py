"""Google's partial responses: `fields=nextPageToken,files(id,owners/emailAddress)` leaves the rest out."""

import dataclasses
import re
from collections.abc import Iterable
from typing import TypeAlias

from sales_agent.sandbox.google.errors import invalid
from sales_agent.sandbox.json_value import JsonValue
from sales_agent.sandbox.routing import Handler, Route
from sales_agent.sandbox.wire import Answer, Call

Mask: TypeAlias = dict[str, "Mask | None"]

_TOKEN = re.compile(r"\s*([A-Za-z0-9_*\-]+|[(),/])")


def parse_mask(text: str) -> Mask:
    """The tree of names; None below a name means all of it.

    Raises:
        Refused: 400, the text is not a field selection.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise invalid(f"Invalid field selection {text}", "invalidParameter")
    mask, rest = _names(tokens, text)
    if rest:
        raise invalid(f"Invalid field selection {text}", "invalidParameter")
    return mask


def _names(tokens: list[str], text: str) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while tokens and tokens[0] != ")":
        name, tokens = tokens[0], tokens[1:]
        if name in "(,/":
            raise invalid(f"Invalid field selection {text}", "invalidParameter")
        path = [name]
        while len(tokens) > 1 and tokens[0] == "/":
            path, tokens = [*path, tokens[1]], tokens[2:]
        below: Mask | None = None
        if tokens and tokens[0] == "(":
            below, tokens = _names(tokens[1:], text)
            if not tokens:
                raise invalid(f"Invalid field selection {text}", "invalidParameter")
            tokens = tokens[1:]
        _add(mask, path, below)
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
    return mask, tokens


def _add(mask: Mask, path: list[str], below: Mask | None) -> None:
    for name in path[:-1]:
        lower: Mask = mask.get(name) or {}
        mask[name] = lower
        mask = lower
    known = mask.get(path[-1])
    mask[path[-1]] = {**known, **below} if known and below else below


def select(value: JsonValue, mask: Mask | None) -> JsonValue:
    """The part of a JSON value that a mask names; lists are masked entry by entry."""
    if mask is None or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(entry, mask) for entry in value]
    if isinstance(value, dict):
        return {name: select(value[name], below) for name, below in mask.items() if name in value}
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class _Masked:
    act: Handler

    def __call__(self, call: Call) -> Answer:
        wanted = call.query.get("fields")
        mask = parse_mask(wanted) if wanted else None
        answer = self.act(call)
        return dataclasses.replace(answer, body=select(answer.body, mask)) if mask else answer


def masked(routes: Iterable[Route]) -> tuple[Route, ...]:
    """The same routes, each honouring `fields`."""
    return tuple(dataclasses.replace(route, act=_Masked(route.act)) for route in routes)
