"""Reduces text from outside to what a reader would see of it."""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile(r"\r\n|[\r\u2028\u2029\u0085\x0b\x0c]")
_SPACES: Final = re.compile(r"[^\S\n]+")


def plain(text: str) -> str:
    """Only visible signs, blanks and line breaks: control, zero-width, direction and private signs are gone."""
    unified = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    kept = (sign for sign in unified if sign == "\n" or unicodedata.category(sign)[0] != "C")
    return _SPACES.sub(" ", "".join(kept))


def one_line(text: str, longest: int) -> str:
    """Visible signs on one line, cut at a word border with an ellipsis if longer than `longest`."""
    line = " ".join(plain(text).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    border = cut.rfind(" ")
    return (cut[:border] if border > longest // 2 else cut).rstrip(" ,;:") + "…"
