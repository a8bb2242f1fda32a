"""One endpoint as a vendor describes it, and the most literal one that a path fits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Detail = TypeVar("Detail")


@dataclass(frozen=True)
class Operation(Generic[Detail]):
    """`template` holds named parts in braces, each standing for one segment; `detail` is the vendor's own record."""

    method: str
    template: str
    detail: Detail

    @property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"\{\+?(\w+)\}", self.template.rstrip("/"))
        escaped = [f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)]
        return re.compile("".join(escaped) + "/?")


class Operations(Generic[Detail]):
    """All endpoints of a vendor; of several that fit, the one with the fewest named parts is meant."""

    def __init__(self, operations: Iterable[Operation[Detail]]) -> None:
        ordered = sorted(operations, key=lambda operation: operation.template.count("{"))
        self._patterns = [(operation, operation.pattern) for operation in ordered]

    def find(self, method: str, path: str) -> tuple[Operation[Detail], dict[str, str]] | None:
        for operation, pattern in self._patterns:
            match = pattern.fullmatch(path) if operation.method == method else None
            if match:
                return operation, match.groupdict()
        return None


def given(query: dict[str, Any], name: str) -> list[str]:
    """Every value of one query parameter."""
    value = query[name]
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
