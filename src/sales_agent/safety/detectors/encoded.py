"""Finds text in code: base64, hexadecimal, escapes, binary, letters set apart. Data leaves and orders come that way."""

import re
from collections.abc import Iterator

_BASE64 = re.compile(
    r"(?<![\w/+=-])(?=[\w/+-]*[a-z])(?=[\w/+-]*[A-Z])(?=[\w/+-]*\d)[A-Za-z0-9+/_-]{28,}={0,2}(?![\w+=])"
)
_PADDED = re.compile(r"(?<![\w/+=-])[A-Za-z0-9+/]{10,}={1,2}(?![\w=])")
_HEXADECIMAL = re.compile(r"(?<!\w)(?:0x)?(?:[0-9a-f]{2}[ :]?){16,400}(?!\w)", re.IGNORECASE)
_ESCAPES = re.compile(
    r"(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|&#x?[0-9a-f]{2,5};|%[0-9a-f]{2}){3,}|=\?[\w-]+\?[bq]\?", re.IGNORECASE
)
_BINARY = re.compile(r"(?<!\d)(?:[01]{8}\s?){3,200}(?!\d)")
_SET_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ ._*|~/-]){5,200}[^\W\d_](?![^\W_])")
_PATTERNS = (_BASE64, _PADDED, _HEXADECIMAL, _ESCAPES, _BINARY, _SET_APART)


def find_encoded(text: str) -> Iterator[tuple[int, int]]:
    """Spans that a person cannot read."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.start(), match.end()
