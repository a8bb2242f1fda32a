"""What every emulated vendor shares: one request as a handler sees it, one answer as it gives it, and a refusal."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol, cast

from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.world import World

# The smallest 3xx status: everything below carries what was asked for.
FIRST_UNSUCCESSFUL = 300


class Provider(StrEnum):
    """Who a request was meant for; it decides the shape of an error."""

    HUBSPOT = "hubspot"
    GMAIL = "gmail"
    DRIVE = "drive"
    CALENDAR = "calendar"
    GOOGLE_OAUTH = "google_oauth"
    OPENAI = "openai"
    UNKNOWN = "unknown"


class Query(Protocol):
    """A query string: a key may stand more than once."""

    def get(self, key: str, default: str = "", /) -> str:
        """The first value of `key`, or `default`."""
        ...

    def all(self, key: str) -> list[str]:
        """Every value of `key`, in order; empty when it was not given."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a JSON value, bytes as they are, or None for an empty body."""

    body: Any = None
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])

    @property
    def is_success(self) -> bool:
        return self.status < FIRST_UNSUCCESSFUL


NO_CONTENT = Answer(status=HTTPStatus.NO_CONTENT)


class Refused(Exception):
    """The provider refuses this request, in its own words."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"answered {answer.status}")
        self.answer = answer


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One authorised request: `params` are the path's named parts, `body` the parsed JSON or form, else None."""

    world: World
    method: str
    path: str
    params: Mapping[str, str]
    query: Query
    headers: Mapping[str, str]
    body: Any

    @property
    def fields(self) -> JsonObject:
        """The body as an object; empty when there was none or it is something else."""
        return cast("JsonObject", self.body) if isinstance(self.body, dict) else {}

    def flag(self, name: str) -> bool:
        """A query parameter that vendors write as true or false; absent means false."""
        return self.query.get(name).lower() == "true"

    def count(self, name: str, default: int, largest: int) -> int:
        """A page size from the query, kept within 1 and `largest`; odd text means the default."""
        text = self.query.get(name)
        return max(1, min(int(text), largest)) if text.isdigit() else default
