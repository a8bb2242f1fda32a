"""Reduces text from outside to what a reader would see of it."""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile(r"\r\n|[\r\u2028\u2029\u0085\x0b\x0c]")
_SPACES: Final = re.compile(r"[^\S\n]+")


class _Visible(dict[int, int | None]):
    """A translation table that learns each sign when it first meets it: mails are long, their signs are few."""

    def __missing__(self, code: int) -> int | None:
        is_hidden = unicodedata.category(chr(code))[0] == "C"
        self[code] = None if is_hidden else code
        return self[code]


_VISIBLE: Final = _Visible({ord("\n"): ord("\n"), ord("\t"): ord(" ")})


def plain(text: str) -> str:
    """Only visible signs, blanks and line breaks: control, zero-width, direction and private signs are gone."""
    return _SPACES.sub(" ", _LINE_ENDS.sub("\n", text).translate(_VISIBLE))


def one_line(text: str, longest: int) -> str:
    """Visible signs on one line, cut at a word border with an ellipsis if longer than `longest`."""
    line = " ".join(plain(text).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    border = cut.rfind(" ")
    return (cut[:border] if border > longest // 2 else cut).rstrip(" ,;:") + "…"
