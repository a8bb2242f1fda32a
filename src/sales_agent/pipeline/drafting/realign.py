"""From a body that a person changed back to sentences: what was left alone stays itself, what is new gets a type.

The sentences found say exactly the text again: joined as a draft joins them, they are that body, letter for letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from sales_agent.content import Sentence, SentenceType

# A sentence ends at its mark before one blank and something that begins a new one.
_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.!?]) (?=[^\s])")

# Half of the letters in the same order: the sentence was changed. With fewer another one stands in its place.
_STILL_ITSELF: Final = 0.5


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence of the new text. `before`: the sentence it was, None for a new one."""

    sentence: Sentence
    before: Sentence | None

    @property
    def is_unchanged(self) -> bool:
        """Whether it is what it was, wherever it stands now."""
        return self.before is not None and replace(self.sentence, paragraph=self.before.paragraph) == self.before


def realigned(body: str, before: Sequence[Sentence]) -> tuple[FoundSentence, ...]:
    """The sentences of `body` (as `usable_body` gives it), each with the one of `before` it was.

    A new sentence that asks is a question; any other is taken for a claim, which is what must be shown to be true.
    """
    left = list(before)
    pieces: list[tuple[int, str, Sentence | None]] = [
        (number, text, old)
        for number, paragraph in enumerate(body.split("\n\n"))
        for text, old in _unchanged(paragraph, left)
    ]
    return tuple(_found(text, number, old or taken(text, left)) for number, text, old in pieces)


def _unchanged(paragraph: str, left: list[Sentence]) -> Iterator[tuple[str, Sentence | None]]:
    """The paragraph in pieces: the longest sentence that stands in it as it was, and what is before and behind it."""
    for old in sorted(left, key=lambda sentence: -len(sentence.text)):
        start = _place_of(old.text, paragraph)
        if start is None:
            continue
        left.remove(old)
        end = start + len(old.text)
        if start:
            yield from _unchanged(paragraph[: start - 1], left)
        yield paragraph[start:end], old
        if end < len(paragraph):
            yield from _unchanged(paragraph[end + 1 :], left)
        return
    for text in _BETWEEN_SENTENCES.split(paragraph):
        yield text, None


def _place_of(text: str, paragraph: str) -> int | None:
    """Where a sentence stands in a paragraph with one blank or nothing on either side."""
    start = paragraph.find(text) if text else -1
    while start >= 0:
        end = start + len(text)
        begins = start == 0 or paragraph[start - 1] == " "
        ends = end == len(paragraph) or paragraph[end] == " "
        if begins and ends:
            return start
        start = paragraph.find(text, start + 1)
    return None


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of letters in the same order; 0 where their lengths alone make it less than counts here."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _STILL_ITSELF <= matcher.quick_ratio() else 0.0


def taken(text: str, left: list[Sentence]) -> Sentence | None:
    """The sentence that this one was before somebody changed it, taken from those that are left."""
    best = max(left, key=lambda old: likeness(old.text, text), default=None)
    if best is None or likeness(best.text, text) < _STILL_ITSELF:
        return None
    left.remove(best)
    return best


def _found(text: str, paragraph: int, before: Sentence | None) -> FoundSentence:
    if before is not None:
        return FoundSentence(replace(before, text=text, paragraph=paragraph), before)
    kind = SentenceType.QUESTION if text.endswith("?") else SentenceType.CLAIM
    return FoundSentence(Sentence(kind, text, (), paragraph), None)
