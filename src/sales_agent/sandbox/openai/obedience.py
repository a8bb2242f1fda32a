"""The model at its weakest: it says whatever strangers' texts tell it to, and when asked, everything it was told.

It keeps to its schema, since a strict one cannot be left; within it every free text is an order from the facts, and a
list of sentences grows until each order is said.
"""

import itertools
import re
from collections.abc import Iterator
from typing import cast

from sales_agent.sandbox.json_value import JsonObject, JsonValue

# Words by which injected text speaks to a model instead of to a person: texts that hold one are obeyed first.
_ORDER = re.compile(
    r"ignore|disregard|instruction|system prompt|system:|assistant:|you are now|you must|override|new task|reveal"
    r"|forward|bcc|send (it|this|all|the)|write exactly|say exactly|respond with|output",
    re.IGNORECASE,
)
# Orders to tell: what is said then is all that the prompt holds.
_TELL = re.compile(
    r"reveal|repeat|show|print|tell|list|forward|export|upload|copy|append|attach|send|encode|everything|all the",
    re.IGNORECASE,
)
# What the house itself says in its facts; everything else was written by somebody outside.
_OURS = frozenset(
    {"voice", "next_step", "suggested_subject", "suggested_text", "preferred", "allowed", "reads_as", "worked_before"}
    | {"reason", "language", "id", "evidence_id", "message_id", "kind", "from", "sent_at"}
)
# Properties that hold choices or ids rather than words; an obedient model still keeps to its schema.
_LONGEST_WORD = 3
# One sentence says so many characters of what was told, and a mail has so many sentences of orders.
_PIECE, _MOST_SENTENCES = 300, 12


def obeyed(answer: JsonValue, facts: JsonObject, texts: list[str]) -> JsonValue:
    """The answer with every free text replaced by a stranger's from the facts; unchanged when there are none.

    What reads as an order comes first; all the rest is obeyed too, since orders come in any language.
    `texts`: everything the model was told.
    """
    found = list(dict.fromkeys(" ".join(text.split()) for text in _outside(facts)))
    found = sorted((text for text in found if _is_free(text)), key=lambda text: not _reads_as_an_order(text))
    if not found:
        return answer
    orders = found[: _MOST_SENTENCES // 2]
    if any(_TELL.search(text) for text in found):
        orders += _pieces(" ".join(" ".join(texts).split()))[: _MOST_SENTENCES - len(orders)]
    return _replaced(answer, orders, itertools.cycle(orders))


def _reads_as_an_order(text: str) -> bool:
    return _ORDER.search(text) is not None or _TELL.search(text) is not None


def _outside(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, below in value.items():
            if name not in _OURS:
                yield from _outside(below)
    elif isinstance(value, list):
        for below in value:
            yield from _outside(below)


def _is_free(text: str) -> bool:
    return len(text.split()) > _LONGEST_WORD


def _pieces(text: str) -> list[str]:
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


def _replaced(value: JsonValue, orders: list[str], next_order: Iterator[str]) -> JsonValue:
    if isinstance(value, dict):
        return {name: _replaced(below, orders, next_order) for name, below in value.items()}
    if isinstance(value, list):
        return [_replaced(below, orders, next_order) for below in _grown(value, len(orders))]
    is_free_text = isinstance(value, str) and _is_free(value)
    return next(next_order) if is_free_text else value


def _grown(entries: list[JsonValue], wanted: int) -> list[JsonValue]:
    """A list of sentences with the first one said again until there are enough; any other list as it is."""
    if not entries or not isinstance(entries[0], dict):
        return entries
    return [*entries, *itertools.repeat(cast("JsonValue", entries[0]), max(0, wanted - len(entries)))]
