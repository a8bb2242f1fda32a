"""Tells what a mail says from what it quotes: a stranger's words in quotation marks promise nothing in our name."""

import re
from collections.abc import Iterable

_QUOTED = re.compile(
    '["\u201c\u201d\u201e\u00ab\u2018]([^"\u201c\u201d\u201e\u00ab\u00bb\n]{3,600})["\u201c\u201d\u00bb\u2019]'
)
# Stands for a character that is not ours to judge: no letter, no blank, no end of a sentence.
BLANK = "\x00"


def without_quotations(text: str, sources: Iterable[str]) -> str:
    """Same length: whatever stands in quotation marks, and word for word in one of the sources, is blanked."""
    if not _QUOTED.search(text):
        return text
    said = " \n ".join(_plain(source) for source in sources)

    def judged(match: re.Match[str]) -> str:
        is_theirs = _plain(match[1]).strip(" .,!?\u2026") in said
        return BLANK * len(match[0]) if is_theirs else match[0]

    return _QUOTED.sub(judged, text)


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Same length, the spans blanked."""
    for start, end in spans:
        text = text[:start] + BLANK * (end - start) + text[end:]
    return text


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
