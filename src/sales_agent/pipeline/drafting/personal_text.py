"""What people type: refused where no mail and no column could hold it, else with plain line ends."""

import re
from typing import Final

from sales_agent.kit.errors import InvalidInput, TooLarge

# Three times what the checks call a document: nobody reads further, and an answer by mail is shorter.
LONGEST_BODY: Final = 20_000
# The checks call a longer one no subject any more.
LONGEST_SUBJECT: Final = 200
LONGEST_NOTE: Final = 2_000
# What the writing model is told of a wish, too.
LONGEST_INSTRUCTION: Final = 500

# Control characters, except tab and line feed: in a header they could begin another one, in a body they hide words.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_BLANKS: Final = re.compile(r"[ \t]+")
_BLANK_AFTER_PARAGRAPH: Final = re.compile(r"(?<=\n\n) ")
_MANY_LINES: Final = re.compile(r"\n{3,}")


class TextUnusable(InvalidInput):
    """The text holds a character that no mail can carry; take it out and try again."""


class TextMissing(InvalidInput):
    """There is no text; write some, or reject the draft."""


class TextTooLong(TooLarge):
    """The text is longer than this field takes; shorten it."""


def usable(text: str, field: str, longest: int) -> str:
    """The text with LF line ends and without blanks around it. Raises TextUnusable, TextTooLong."""
    if len(text) > longest:
        raise TextTooLong(field=field, characters=len(text), longest=longest)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(plain) or _SURROGATE.search(plain):
        raise TextUnusable(field=field)
    return plain.strip()


def usable_line(text: str, field: str, longest: int) -> str:
    """The same, in one line."""
    plain = usable(text, field, longest)
    if "\n" in plain:
        raise TextUnusable("A line break cannot stand here.", field=field)
    return plain


def usable_body(text: str) -> str:
    """The body of a mail: one blank between words, paragraphs with one blank line between them. Raises TextMissing."""
    plain = _BLANKS.sub(" ", usable(text, "body", LONGEST_BODY))
    lines = _MANY_LINES.sub("\n\n", plain.replace(" \n", "\n"))
    if not lines:
        raise TextMissing(field="body")
    return _BLANK_AFTER_PARAGRAPH.sub("", lines)
