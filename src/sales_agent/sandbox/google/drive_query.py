"""Drive's `q`: terms joined by and, or, not and brackets, with values in single quotes and backslash escapes."""

import dataclasses
import re
from collections.abc import Callable
from typing import TypeAlias

from sales_agent.sandbox.google.drive_store import real_id
from sales_agent.sandbox.google.errors import invalid
from sales_agent.sandbox.google.mail_parsing import words
from sales_agent.sandbox.json_value import JsonObject

Test: TypeAlias = Callable[[JsonObject, str], bool]

_TOKEN = re.compile(r"\s*(?:(?P<value>'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|!=|=|<|>|\(|\))|(?P<word>[A-Za-z]+))")
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
# What each field may be asked, by Drive's reference of search terms.
_ALLOWED = {
    "name": {"contains", "=", "!="},
    "fullText": {"contains"},
    "mimeType": {"contains", "=", "!="},
    "modifiedTime": set(_COMPARISONS),
    "createdTime": set(_COMPARISONS),
    "trashed": {"=", "!="},
    "starred": {"=", "!="},
    "sharedWithMe": {"=", "!="},
    "visibility": {"=", "!="},
}


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def parse_drive_query(text: str) -> Test:
    """A test on a file and its text.

    Raises:
        Refused: 400 `invalid`, the query cannot be read.
    """
    if not text.strip():
        return lambda _file, _text: True
    reader = _Reader(_tokens(text), text)
    test = reader.alternatives()
    if reader.tokens:
        raise reader.refusal()
    return test


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise invalid("Invalid Value", "invalid")
        found.append(token.group(0).strip())
        at = token.end()
    return found


@dataclasses.dataclass(slots=True)
class _Reader:
    tokens: list[str]
    text: str

    def refusal(self) -> Exception:
        return invalid("Invalid Value", "invalid")

    def take(self) -> str:
        if not self.tokens:
            raise self.refusal()
        return self.tokens.pop(0)

    def accepts(self, word: str) -> bool:
        if self.tokens and self.tokens[0] == word:
            self.tokens.pop(0)
            return True
        return False

    def alternatives(self) -> Test:
        tests = [self.conjunction()]
        while self.accepts("or"):
            tests.append(self.conjunction())
        return tests[0] if len(tests) == 1 else lambda file, text: any(test(file, text) for test in tests)

    def conjunction(self) -> Test:
        tests = [self.factor()]
        while self.accepts("and"):
            tests.append(self.factor())
        return tests[0] if len(tests) == 1 else lambda file, text: all(test(file, text) for test in tests)

    def factor(self) -> Test:
        if self.accepts("not"):
            inner = self.factor()
            return lambda file, text: not inner(file, text)
        if self.accepts("("):
            inner = self.alternatives()
            if not self.accepts(")"):
                raise self.refusal()
            return inner
        return self.term()

    def term(self) -> Test:
        first = self.take()
        if first.startswith("'"):
            return self.membership(_unquoted(first))
        operator, value = self.take(), self.take()
        if operator not in _ALLOWED.get(first, ()):
            raise self.refusal()
        if first in {"trashed", "starred", "sharedWithMe"}:
            return self.yes_or_no(first, operator, value)
        if not value.startswith("'"):
            raise self.refusal()
        return _text_test(first, operator, _unquoted(value))

    def membership(self, value: str) -> Test:
        """`'id' in parents`, or `'address' in owners|writers|readers`."""
        if not self.accepts("in"):
            raise self.refusal()
        field = self.take()
        if field not in {"parents", "owners", "writers", "readers"}:
            raise self.refusal()
        if field == "parents":
            return lambda file, _text: real_id(value) in file.get("parents", ())
        return lambda file, _text: value in [owner["emailAddress"] for owner in file.get("owners", ())]

    def yes_or_no(self, field: str, operator: str, value: str) -> Test:
        if value not in {"true", "false"}:
            raise self.refusal()
        wanted = (value == "true") == (operator == "=")
        return lambda file, _text: bool(file.get(field, False)) == wanted


def _text_test(field: str, operator: str, value: str) -> Test:
    if field == "fullText":
        wanted = value.strip('"')
        return lambda file, text: words(wanted) in words(f"{file['name']} {text}")
    if field == "name" and operator == "contains":
        # Drive matches beginnings of words in names, not any part of them.
        return lambda file, _text: f" {words(value).strip()}" in words(file["name"])
    if operator == "contains":
        return lambda file, _text: str(file.get(field, "")).startswith(value)
    holds = _COMPARISONS[operator]
    if field.endswith("Time"):
        moment = value if "T" in value else f"{value}T00:00:00"
        return lambda file, _text: holds(str(file.get(field, ""))[: len(moment)], moment)
    return lambda file, _text: holds(str(file.get(field, "")), value)
