"""Characters that a reader does not see and a machine does: where instructions and data hide."""

import re
import unicodedata
from collections.abc import Iterator

# Zero width, soft hyphen, marks of direction, invisible operators, fillers that render as nothing, tags, selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ue000-\uf8ff\U000f0000-\U0010ffff]+"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]+|\r")
_JOINER = "\u200d"


def find_hidden(text: str) -> Iterator[tuple[int, int]]:
    """Spans of characters that show nothing; the joiner inside an emoji is none."""
    for pattern in (_INVISIBLE, _CONTROL):
        for match in pattern.finditer(text):
            if not (match[0] == _JOINER and _is_emoji(text, match.start() - 1) and _is_emoji(text, match.end())):
                yield match.start(), match.end()


def _is_emoji(text: str, place: int) -> bool:
    # U+FE0F asks for the coloured form of what stands before it.
    return 0 <= place < len(text) and (text[place] == "\ufe0f" or unicodedata.category(text[place]) in {"So", "Sk"})
