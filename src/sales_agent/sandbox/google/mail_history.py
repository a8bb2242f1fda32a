"""Gmail's history: what happened to which message, under ever larger ids, for as long as Gmail remembers."""

import bisect
import dataclasses
from typing import Any

# A fresh mailbox's history id; Gmail's are large and never begin at one.
FIRST_HISTORY_ID = 1_204_511


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened; `kind` is the key under which history.list shows it."""

    history_id: int
    kind: str
    message_id: str
    thread_id: str
    label_ids: list[str]
    changed_labels: list[str]


class MailHistory:
    """The changes since the mailbox was opened, oldest first; those up to `forgotten_until` cannot be asked for."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.latest = FIRST_HISTORY_ID
        self.forgotten_until = FIRST_HISTORY_ID - 1

    def _note(self, kind: str, ids: tuple[str, str], labels: list[str], changed: list[str]) -> int:
        self.latest += 1
        self.changes.append(Change(self.latest, kind, *ids, list(labels), changed))
        return self.latest

    def added(self, message_id: str, thread_id: str, labels: list[str]) -> int:
        return self._note("messagesAdded", (message_id, thread_id), labels, [])

    def deleted(self, message_id: str, thread_id: str, labels: list[str]) -> int:
        return self._note("messagesDeleted", (message_id, thread_id), labels, [])

    def relabelled(
        self, message_id: str, thread_id: str, labels: list[str], added: list[str], removed: list[str]
    ) -> int:
        if added:
            self._note("labelsAdded", (message_id, thread_id), labels, added)
        if removed:
            self._note("labelsRemoved", (message_id, thread_id), labels, removed)
        return self.latest

    def since(self, history_id: int) -> list[Change] | None:
        """Changes after this id, oldest first; None when Gmail has forgotten that far back."""
        if history_id < self.forgotten_until:
            return None
        return self.changes[bisect.bisect_right(self.changes, history_id, key=lambda c: c.history_id) :]

    def forget(self) -> None:
        """Make every cursor handed out so far too old, as Gmail does after days or, at times, hours."""
        self.forgotten_until = self.latest + 1
        self.latest += 1

    def dump(self) -> dict[str, Any]:
        changes = [dataclasses.asdict(change) for change in self.changes]
        return {"changes": changes, "latest": self.latest, "forgotten_until": self.forgotten_until}

    def load(self, saved: dict[str, Any]) -> None:
        self.changes = [Change(**fields) for fields in saved["changes"]]
        self.latest, self.forgotten_until = saved["latest"], saved["forgotten_until"]
