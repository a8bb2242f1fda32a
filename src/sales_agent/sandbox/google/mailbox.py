"""The seller's mailbox: messages in threads, drafts, labels, and the history of what changed."""

import base64
import dataclasses
from collections.abc import Iterable
from typing import Any

from sales_agent.sandbox.clock import SandboxClock
from sales_agent.sandbox.google.mail_history import MailHistory
from sales_agent.sandbox.google.mail_parsing import ParsedMail, parse_mail, words

# Labels every mailbox has; INBOX, SENT and DRAFT decide what a message is.
SYSTEM_LABELS = [
    "INBOX",
    "SENT",
    "DRAFT",
    "UNREAD",
    "STARRED",
    "IMPORTANT",
    "SPAM",
    "TRASH",
    "CATEGORY_PERSONAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
]

# Where new message ids start and how far they lie apart, so that they look like Gmail's and stay deterministic.
_FIRST_ID, _ID_STEP = 0x19A0_0000_0000_0000, 0x1F_3D71


@dataclasses.dataclass(slots=True)
class StoredMessage:
    """One message; `raw` is RFC 5322, `internal_ms` when Gmail received it."""

    id: str
    thread_id: str
    label_ids: list[str]
    internal_ms: int
    history_id: int
    raw: bytes


class Mailbox:
    """One account's mail. Threads are not stored: a thread is the messages that carry its id."""

    def __init__(self, clock: SandboxClock, address: str, name: str) -> None:
        self._clock = clock
        self._parsed: dict[str, ParsedMail] = {}
        self._by_address: dict[str, dict[str, None]] = {}
        self._id_of_header: dict[str, str] = {}
        self._next_number = 1
        self.address, self.name = address, name
        self.messages: dict[str, StoredMessage] = {}
        self.threads: dict[str, list[str]] = {}
        self.drafts: dict[str, str] = {}
        self.labels: dict[str, str] = {label: label for label in SYSTEM_LABELS}
        self.sent_ids: list[str] = []
        self.history = MailHistory()
        self.keeps_message_id = False

    def new_number(self) -> int:
        """The next number of the one count that message, draft and label ids are made of."""
        self._next_number += 1
        return self._next_number - 1

    def add(self, raw: bytes, labels: Iterable[str], thread_id: str = "", when_ms: int = 0) -> StoredMessage:
        """Store a message under a new id; without a thread id it begins a thread of its own."""
        message_id = f"{_FIRST_ID + self.new_number() * _ID_STEP:016x}"
        when_ms = when_ms or self._clock.now_ms()
        message = StoredMessage(message_id, thread_id or message_id, list(labels), when_ms, 0, raw)
        message.history_id = self.history.added(message.id, message.thread_id, message.label_ids)
        self._file(message)
        return message

    def _file(self, message: StoredMessage) -> None:
        self.messages[message.id] = message
        in_thread = self.threads.setdefault(message.thread_id, [])
        in_thread.append(message.id)
        in_thread.sort(key=lambda message_id: self.messages[message_id].internal_ms)
        parsed = self.parsed(message)
        for key in _address_keys(parsed):
            self._by_address.setdefault(key, {})[message.id] = None
        if parsed.message_id:
            self._id_of_header[parsed.message_id] = message.id

    def remove(self, message: StoredMessage) -> None:
        """Delete for good, as replacing, sending or deleting a draft does."""
        del self.messages[message.id]
        parsed = self._parsed.pop(message.id, None) or parse_mail(message.raw)
        for key in _address_keys(parsed):
            self._by_address.get(key, {}).pop(message.id, None)
        if self._id_of_header.get(parsed.message_id) == message.id:
            del self._id_of_header[parsed.message_id]
        self.threads[message.thread_id].remove(message.id)
        if not self.threads[message.thread_id]:
            del self.threads[message.thread_id]
        self.history.deleted(message.id, message.thread_id, message.label_ids)

    def relabel(self, message: StoredMessage, add: list[str], remove: list[str]) -> None:
        """Add and take labels, noting only what really changed."""
        added = [label for label in add if label not in message.label_ids]
        removed = [label for label in remove if label in message.label_ids]
        message.label_ids = [label for label in message.label_ids if label not in removed] + added
        if added or removed:
            message.history_id = self.history.relabelled(
                message.id, message.thread_id, message.label_ids, added, removed
            )

    def parsed(self, message: StoredMessage) -> ParsedMail:
        found = self._parsed.get(message.id)
        if found is None:
            found = self._parsed[message.id] = parse_mail(message.raw)
        return found

    def thread(self, thread_id: str) -> list[StoredMessage]:
        """A thread's messages, oldest first; empty when there is no such thread."""
        return [self.messages[message_id] for message_id in self.threads.get(thread_id, ())]

    def by_header_id(self, message_id_header: str) -> StoredMessage | None:
        """The message whose Message-ID header is this one."""
        return self.messages.get(self._id_of_header.get(message_id_header, ""))

    def with_addresses(self, addresses: Iterable[str]) -> list[StoredMessage]:
        """Messages from or to any of these addresses, and those that end like them: Gmail compares words."""
        keys = [words(address) for address in addresses]
        ids = {found: None for key in keys for found in self._by_address.get(key, ())}
        return [self.messages[message_id] for message_id in ids]

    def label_named(self, name: str) -> str | None:
        """The id of the label with this name or id, whatever the case."""
        wanted = name.lower()
        return next((i for i, known in self.labels.items() if wanted in {i.lower(), known.lower()}), None)

    def dump(self) -> dict[str, Any]:
        messages = [
            {**dataclasses.asdict(message), "raw": base64.b64encode(message.raw).decode()}
            for message in self.messages.values()
        ]
        return {
            "messages": messages,
            "drafts": self.drafts,
            "labels": self.labels,
            "sent_ids": self.sent_ids,
            "next_number": self._next_number,
            "history": self.history.dump(),
            "keeps_message_id": self.keeps_message_id,
        }

    def load(self, saved: dict[str, Any]) -> None:
        self._next_number = saved["next_number"]
        self.drafts, self.labels, self.sent_ids = saved["drafts"], saved["labels"], saved["sent_ids"]
        self.keeps_message_id = saved["keeps_message_id"]
        for fields in saved["messages"]:
            fields["raw"] = base64.b64decode(fields["raw"])
            self._file(StoredMessage(**fields))
        self.history.load(saved["history"])


def _address_keys(parsed: ParsedMail) -> set[str]:
    """The words of each address from every word of its local part on: jo-ann@x is filed under jo ann x and ann x."""
    keys: set[str] = set()
    for address in parsed.addresses():
        local, _, domain = address.rpartition("@")
        parts = words(local).split()
        keys |= {words(" ".join((*parts[at:], domain))) for at in range(len(parts))}
    return keys
