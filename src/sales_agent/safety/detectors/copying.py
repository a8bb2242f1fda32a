"""Finds what a mail took over word for word from a stranger's text, and whether it did what that text told it to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
# A dozen words in the same order are no coincidence; shorter runs are how people refer to what was asked.
RUN_WORDS = 12

_TELLS_TO_SAY = re.compile(
    r"\b(?:say|write|include|print|output|respond|reply|answer|append|add|insert|mention|begin|start|end|put|state|confirm"
    r"|repeat|quote|type|use|schreibe?|antworte|sage?|erw\u00e4hne|r\u00e9ponds?|\u00e9cris|responde|escribe)\b"
    r"[^.!?\n\"'\u2018\u2019\u201c\u201d\u201e\u00ab`]{0,60}"
    r"(?:[\"'\u2018\u201c\u201e\u00ab`](?P<quoted>[^\n\"\u201c\u201d\u00bb`]{3,200}?)[\"'\u2019\u201c\u201d\u00bb`](?!\w)"
    r"|\b(?:the\s+)?(?:word|phrase|text|string|sentence|code|token|wort|satz)\s+(?P<named>[\w-]{3,60}))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Copy:
    """Characters [start, end) of the mail that stand word for word in the text called `source`."""

    start: int
    end: int
    words: int
    source: str


def find_copies(text: str, sources: dict[str, str], run_words: int = RUN_WORDS) -> Iterator[Copy]:
    """The longest runs of at least `run_words` words that one of the sources holds in the same order."""
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    if len(words) < run_words:
        return
    for source, told in sources.items():
        known = _runs([match[0].casefold() for match in _WORD.finditer(told)], run_words)
        place = 0
        while place + run_words <= len(words):
            if tuple(word for word, _, _ in words[place : place + run_words]) not in known:
                place += 1
                continue
            end = place + run_words
            while end < len(words) and tuple(word for word, _, _ in words[end - run_words + 1 : end + 1]) in known:
                end += 1
            yield Copy(words[place][1], words[end - 1][2], end - place, source)
            place = end


def told_to_say(sources: Iterable[str]) -> Iterator[str]:
    """What strangers' texts order to be said: what they quote after "say", "reply with", "include the word"."""
    for told in sources:
        for match in _TELLS_TO_SAY.finditer(told):
            yield (match["quoted"] or match["named"]).strip(" .,!")


def _runs(words: list[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
