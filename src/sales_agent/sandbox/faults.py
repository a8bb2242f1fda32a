"""Orders to misbehave: which requests they catch, how often, and what happens to those."""

import asyncio
import dataclasses
import re
from enum import StrEnum
from typing import Any

from sales_agent.sandbox.json_value import JsonObject


class FaultKind(StrEnum):
    """What happens to a caught request; `act_` and the odd answers perform it first."""

    STATUS = "status"
    ACT_THEN_STATUS = "act_then_status"
    DELAY = "delay"
    DROP_BEFORE = "drop_before"
    ACT_THEN_DROP = "act_then_drop"
    HOLD_BEFORE = "hold_before"
    ACT_THEN_HOLD = "act_then_hold"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    HTML = "html"
    WRONG_SCHEMA = "wrong_schema"
    HUGE = "huge"
    ENDLESS = "endless"
    DRIP = "drip"
    REFUSAL = "refusal"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"


# These leave the world untouched; all others perform the request before they spoil the answer.
_UNACTED = {FaultKind.STATUS, FaultKind.DROP_BEFORE, FaultKind.HOLD_BEFORE}
# These change what the model says and nothing else.
MODEL_KINDS = {FaultKind.REFUSAL, FaultKind.LENGTH, FaultKind.CONTENT_FILTER}
# How long a withheld answer waits when nobody releases it, in seconds.
LONGEST_HOLD_SECONDS = 600.0


@dataclasses.dataclass(slots=True, eq=False)
class Fault:
    """One order. It lets `nth - 1` matching requests pass, then catches `times` (0: all that follow)."""

    kind: FaultKind
    id: int = 0
    provider: str = ""
    method: str = ""
    path: str = ""
    nth: int = 1
    times: int = 1
    status: int = 500
    reason: str = ""
    headers: dict[str, str] = dataclasses.field(default_factory=dict[str, str])
    body: Any = None
    seconds: float = 0.0
    seen: int = 0
    caught: int = 0
    released: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    @property
    def acts(self) -> bool:
        """Whether a caught request is performed."""
        return self.kind not in _UNACTED

    def matches(self, provider: str, method: str, path: str) -> bool:
        """Whether this request is of the kind the order speaks of; an empty condition fits all."""
        return (
            self.provider in {"", provider}
            and self.method in {"", method}
            and (not self.path or re.search(self.path, path) is not None)
        )

    @property
    def is_due(self) -> bool:
        """Whether the request just seen is among those to catch."""
        return self.seen >= self.nth and (not self.times or self.caught < self.times)

    def shown(self) -> JsonObject:
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        fields.pop("released")
        return fields


class FaultOrders:
    """The standing orders; of several that match, the first given catches the request."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._next_id = 1

    def give(self, fields: JsonObject) -> Fault:
        """Take an order.

        Raises:
            ValueError: an unknown kind or field, or a path that is no regular expression.
        """
        known = {field.name for field in dataclasses.fields(Fault)} - {"id", "seen", "caught", "released"}
        if unknown := sorted(set(fields) - known):
            raise ValueError(f"unknown fields of a fault order: {', '.join(unknown)}")
        try:
            re.compile(str(fields.get("path", "")))
        except re.error as odd:
            raise ValueError(f"path is not a regular expression: {odd}") from odd
        kind = FaultKind(fields.get("kind", ""))
        order: JsonObject = {**fields, "kind": kind}
        fault = Fault(**order)
        fault.id, self._next_id = self._next_id, self._next_id + 1
        self._orders.append(fault)
        return fault

    def catch(self, provider: str, method: str, path: str) -> Fault | None:
        """The order that takes this request, if any; every matching order counts it as seen."""
        caught: Fault | None = None
        for order in self._orders:
            if order.matches(provider, method, path):
                order.seen += 1
                if caught is None and order.is_due:
                    order.caught += 1
                    caught = order
        return caught

    def shown(self) -> list[JsonObject]:
        return [order.shown() for order in self._orders]

    def withdraw(self, fault_id: int = 0) -> int:
        """Withdraw one order or all, letting go of every answer they hold; returns how many."""
        gone = [order for order in self._orders if fault_id in {0, order.id}]
        self._orders = [order for order in self._orders if order not in gone]
        for order in gone:
            order.released.set()
        return len(gone)
