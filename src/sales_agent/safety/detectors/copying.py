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
        spaced = f" {' '.join(_WORD.findall(told.casefold()))} "
        if not _may_hold_a_run(spaced, words, run_words):
            continue
        place = 0
        while place + run_words <= len(words):
            if not _holds(spaced, words, place, place + run_words):
                place += 1
                continue
            end = place + run_words
            while end < len(words) and _holds(spaced, words, end + 1 - run_words, end + 1):
                end += 1
            yield Copy(words[place][1], words[end - 1][2], end - place, source)
            place = end


def _may_hold_a_run(spaced: str, words: list[tuple[str, int, int]], run_words: int) -> bool:
    """Every run holds one of the blocks of half its length that the mail can be cut into; most texts hold none."""
    half = max(1, run_words // 2)
    return any(_holds(spaced, words, at, at + half) for at in range(0, len(words) - half + 1, half))


def _holds(spaced: str, words: list[tuple[str, int, int]], start: int, end: int) -> bool:
    return f" {' '.join(word for word, _, _ in words[start:end])} " in spaced


def told_to_say(sources: Iterable[str]) -> Iterator[str]:
    """What strangers' texts order to be said: what they quote after "say", "reply with", "include the word"."""
    for told in sources:
        for match in _TELLS_TO_SAY.finditer(told):
            yield (match["quoted"] or match["named"]).strip(" .,!")
