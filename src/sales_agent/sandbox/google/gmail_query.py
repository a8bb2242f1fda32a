"""Gmail's search language, as far as a mail client needs it: a query becomes a condition on a message."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from typing import Protocol

from sales_agent.sandbox.google.mail_parsing import ParsedMail, words
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage

DAY_MS = 86_400_000


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """One message while it is being looked at."""

    mailbox: Mailbox
    message: StoredMessage
    parsed: ParsedMail
    now_ms: int


class Condition(Protocol):
    """A node of a parsed query."""

    def holds(self, candidate: Candidate) -> bool: ...

    def addresses(self) -> frozenset[str] | None:
        """Addresses one of which a matching message must carry; None when that cannot be told."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Everything:
    """The empty query."""

    def holds(self, candidate: Candidate) -> bool:  # noqa: ARG002 - the protocol's signature
        return True

    def addresses(self) -> frozenset[str] | None:
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """One `operator:value`, or a bare word with an empty operator."""

    operator: str
    value: str

    def holds(self, candidate: Candidate) -> bool:
        return _OPERATORS.get(self.operator, _any_text)(candidate, self.value)

    def addresses(self) -> frozenset[str] | None:
        is_address = re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", self.value) is not None
        return frozenset({self.value.lower()}) if is_address and self.operator in _ADDRESS_OPERATORS else None


@dataclasses.dataclass(frozen=True, slots=True)
class Not:
    term: Condition

    def holds(self, candidate: Candidate) -> bool:
        return not self.term.holds(candidate)

    def addresses(self) -> frozenset[str] | None:
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class AllOf:
    terms: tuple[Condition, ...]

    def holds(self, candidate: Candidate) -> bool:
        return all(term.holds(candidate) for term in self.terms)

    def addresses(self) -> frozenset[str] | None:
        known = [found for term in self.terms if (found := term.addresses()) is not None]
        return min(known, key=len, default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class AnyOf:
    terms: tuple[Condition, ...]

    def holds(self, candidate: Candidate) -> bool:
        return any(term.holds(candidate) for term in self.terms)

    def addresses(self) -> frozenset[str] | None:
        known = [term.addresses() for term in self.terms]
        found = [addresses for addresses in known if addresses is not None]
        return frozenset[str]().union(*found) if len(found) == len(known) else None


def _header(name: str) -> Callable[[Candidate, str], bool]:
    return lambda candidate, value: words(value) in candidate.parsed.search_texts[name]


def _any_text(candidate: Candidate, value: str) -> bool:
    return words(value) in candidate.parsed.search_texts[""]


def _message_id(candidate: Candidate, value: str) -> bool:
    return candidate.parsed.message_id.strip("<>") == value.strip("<>")


def _in(candidate: Candidate, value: str) -> bool:
    place = {"drafts": "draft", "anywhere": "", "all": ""}.get(value.lower(), value)
    return place == "" or _label(candidate, place)


def _label(candidate: Candidate, value: str) -> bool:
    label_id = candidate.mailbox.label_named(value) or candidate.mailbox.label_named(value.replace("-", " "))
    return label_id in candidate.message.label_ids


def _is(candidate: Candidate, value: str) -> bool:
    if value.lower() == "read":
        return "UNREAD" not in candidate.message.label_ids
    return value.upper() in candidate.message.label_ids


def _has(candidate: Candidate, value: str) -> bool:
    parts = candidate.parsed.payload.get("parts", ())
    return value.lower() == "attachment" and any(part["filename"] for part in parts)


# Seconds are spared by nobody: Gmail counts ages in days, months of 30 days and years of 365.
_AGE_DAYS = {"h": 1 / 24, "d": 1, "m": 30, "y": 365}


def _age_ms(value: str) -> float:
    found = re.fullmatch(r"(\d+)([hdmy])", value.lower())
    return int(found.group(1)) * _AGE_DAYS[found.group(2)] * DAY_MS if found else 0.0


def _newer_than(candidate: Candidate, value: str) -> bool:
    return candidate.now_ms - candidate.message.internal_ms <= _age_ms(value)


def _older_than(candidate: Candidate, value: str) -> bool:
    return candidate.now_ms - candidate.message.internal_ms > _age_ms(value)


def _moment_ms(value: str) -> float:
    """`after:` and `before:` take seconds since 1970 or YYYY/MM/DD."""
    if value.isdigit():
        return int(value) * 1000
    parts = [int(part) for part in re.split(r"[/-]", value) if part.isdigit()]
    if len(parts) != len(("year", "month", "day")):
        return 0.0
    return dt.datetime(parts[0], parts[1], parts[2], tzinfo=dt.UTC).timestamp() * 1000


def _after(candidate: Candidate, value: str) -> bool:
    return candidate.message.internal_ms >= _moment_ms(value)


def _before(candidate: Candidate, value: str) -> bool:
    return candidate.message.internal_ms < _moment_ms(value)


_ADDRESS_OPERATORS = ("from", "to", "cc", "bcc")
_OPERATORS: dict[str, Callable[[Candidate, str], bool]] = {
    **{name: _header(name) for name in (*_ADDRESS_OPERATORS, "subject")},
    "rfc822msgid": _message_id,
    "in": _in,
    "label": _label,
    "is": _is,
    "has": _has,
    "newer_than": _newer_than,
    "older_than": _older_than,
    "newer": _after,
    "older": _before,
    "after": _after,
    "before": _before,
}
OPERATORS = frozenset(_OPERATORS)
