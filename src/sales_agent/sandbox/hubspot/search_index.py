"""HubSpot's search index: it shows a write only some seconds after the record itself does."""

import dataclasses
from collections import deque
from collections.abc import Iterator

from sales_agent.sandbox.hubspot.object_types import ObjectType


@dataclasses.dataclass(frozen=True, slots=True)
class _Write:
    due_ms: int
    kind: ObjectType
    record_id: str
    properties: dict[str, str] | None


class SearchIndex:
    """Copies of records as they were when the index last caught up."""

    def __init__(self) -> None:
        self._seen: dict[ObjectType, dict[str, dict[str, str]]] = {kind: {} for kind in ObjectType}
        self._waiting: deque[_Write] = deque()

    def note(self, kind: ObjectType, record_id: str, properties: dict[str, str] | None, due_ms: int) -> None:
        """Remember a write that becomes visible at `due_ms`; None means the record was archived."""
        copy = None if properties is None else dict(properties)
        self._waiting.append(_Write(due_ms, kind, record_id, copy))

    def visible(self, kind: ObjectType, now_ms: int) -> Iterator[tuple[str, dict[str, str]]]:
        """Ids and properties that a search at this moment can find."""
        while self._waiting and self._waiting[0].due_ms <= now_ms:
            self._show(self._waiting.popleft())
        yield from self._seen[kind].items()

    def catch_up(self) -> None:
        """Show everything written so far, as before another lag begins to hold."""
        while self._waiting:
            self._show(self._waiting.popleft())

    def _show(self, write: _Write) -> None:
        if write.properties is None:
            self._seen[write.kind].pop(write.record_id, None)
        else:
            self._seen[write.kind][write.record_id] = write.properties
