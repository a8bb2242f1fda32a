"""From the text of a Gmail query to the messages it finds, newest first."""

import re

from sales_agent.sandbox.google.gmail_query import (
    OPERATORS,
    AllOf,
    AnyOf,
    Candidate,
    Condition,
    Everything,
    Not,
    Term,
)
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage

_TOKEN = re.compile(
    r'(?P<minus>-)?(?:(?P<operator>[A-Za-z0-9_]+):)?(?:"(?P<quoted>[^"]*)"|(?P<open>[({])|(?P<word>[^\s(){}"]+))'
    r"|(?P<close>[)}])"
)
# Spam and trash are searched only when a query says so.
_HIDDEN_LABELS = {"SPAM", "TRASH"}
_NAMES_HIDDEN_PLACE = re.compile(r"\b(?:in|label|is):(?:anywhere|spam|trash)\b", re.IGNORECASE)


def parse_query(text: str) -> Condition:
    """The condition a query stands for: blanks mean and, OR binds tighter, braces mean any of."""
    tokens = list(_TOKEN.finditer(text))
    condition, _ = _group(tokens, 0, "", is_any=False)
    return condition


def _group(tokens: list[re.Match[str]], at: int, operator: str, *, is_any: bool) -> tuple[Condition, int]:
    """Terms up to the closing bracket; `operator` is the one written before the bracket, if any."""
    alternatives: list[list[Condition]] = []
    joins_previous = False
    while at < len(tokens) and not tokens[at]["close"]:
        token = tokens[at]
        at += 1
        if token["word"] == "OR" and not token["operator"]:
            joins_previous = True
            continue
        if token["word"] == "AND" and not token["operator"]:
            continue
        condition, at = _term(tokens, at, token, operator)
        if joins_previous and alternatives:
            alternatives[-1].append(condition)
        else:
            alternatives.append([condition])
        joins_previous = False
    terms = tuple(terms[0] if len(terms) == 1 else AnyOf(tuple(terms)) for terms in alternatives)
    if len(terms) == 1:
        return terms[0], at + 1
    return (AnyOf(terms) if is_any else AllOf(terms) if terms else Everything()), at + 1


def _term(tokens: list[re.Match[str]], at: int, token: re.Match[str], outer_operator: str) -> tuple[Condition, int]:
    operator = (token["operator"] or outer_operator).lower()
    value = token["quoted"] if token["quoted"] is not None else token["word"] or ""
    if operator not in OPERATORS and token["operator"]:
        operator, value = "", f"{token['operator']} {value}"
    if token["open"]:
        condition, at = _group(tokens, at, operator, is_any=token["open"] == "{")
    else:
        condition = Term(operator, value)
    return (Not(condition) if token["minus"] else condition), at


def search(mailbox: Mailbox, text: str, now_ms: int, *, with_hidden: bool = False) -> list[StoredMessage]:
    """Messages a query finds, newest first."""
    condition = parse_query(text)
    addresses = condition.addresses()
    pool = list(mailbox.messages.values()) if addresses is None else mailbox.with_addresses(addresses)
    with_hidden = with_hidden or _NAMES_HIDDEN_PLACE.search(text) is not None
    found = [
        message
        for message in pool
        if (with_hidden or _HIDDEN_LABELS.isdisjoint(message.label_ids))
        and condition.holds(Candidate(mailbox, message, mailbox.parsed(message), now_ms))
    ]
    return sorted(found, key=lambda message: -message.internal_ms)
