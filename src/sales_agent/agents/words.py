"""Words of a text for comparing texts: folded, without the ones that say nothing."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]{2,}")
# The most frequent words of the languages drafts are written in.
_EMPTY: Final = frozenset(
    _WORD.findall("""
        the and for with you your our are that this from have has can how what when which who will would about into not
        but all any its was were they them their there here more than then also just we us me my do does did is it in on
        of to at by be as an or if so no yes please thanks thank hello hi dear regards best
        und oder der die das ein eine einen einem einer mit für von bei auf aus ist sind war wir sie ihr ihre uns unser
        ich mich mir du dich dir nicht auch noch nur wie was wann wer wo warum kann können haben hat hatte wird werden
        zum zur den dem des im in am an zu bitte danke vielen dank hallo guten tag viele grüße
    """)
)
# Files are called deck_v3_final.pdf: what a file is stored as says nothing about what it is about.
_FILE_WORDS: Final = frozenset(
    {"pdf", "docx", "doc", "pptx", "ppt", "xlsx", "final", "v1", "v2", "v3", "copy", "draft"}
)


def content_words(text: str) -> frozenset[str]:
    """The telling words of a text, folded; plurals in -s are cut so that `case studies` meets `case study`."""
    words = (match.group().casefold() for match in _WORD.finditer(text.replace("_", " ")))
    return frozenset(_stem(word) for word in words if word not in _EMPTY and word not in _FILE_WORDS)


def _stem(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def overlap(query: frozenset[str], text: frozenset[str]) -> float:
    """0 to 1: how much two word sets share (cosine of their indicator vectors)."""
    return len(query & text) / (len(query) * len(text)) ** 0.5 if query and text else 0.0
