"""Takes out of a mail what its writer did not write this time: quotes, forwarded heads, signatures, disclaimers.

Line by line and linear in the length, because anybody may send anything: parsers built on whole-text patterns
need minutes for a few thousand well-chosen characters.
"""

import re
from itertools import pairwise
from typing import Final

from sales_agent.agents.visible_text import plain

# Nobody's own words are longer; what is cut off is nearly always quoted history.
LONGEST_RAW: Final = 20_000
# Lines that introduce a quote are short; a longer one is prose.
_LONGEST_HEAD: Final = 250

# How mail programs introduce a quote, by language: first word of the line, and the words it ends with.
_WROTE: Final = (
    ("on", "wrote"),
    ("am", "schrieb"),
    ("le", "a écrit"),
    ("el", "escribió"),
    ("em", "escreveu"),
    ("il", "ha scritto"),
    ("op", "schreef"),
    ("den", "skrev"),
    ("dnia", "napisał"),
    ("dne", "napsal"),
)
_WROTE_HEADS: Final = re.compile(
    "|".join(rf"{first}\b.*\b{last}\b[^:]*:" for first, last in _WROTE)
    + r"|\d{4}\D{1,2}\d.*(写道|님이 작성)\s?[:\uff1a]",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"[-_]{2,}\s*(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message transféré|mensaje original|messaggio originale|oorspronkelijk bericht)\s*[-_]{2,}",
    re.IGNORECASE,
)
_FROM_LINE: Final = re.compile(r"\*?(from|von|de|da|van|od|från|fra)\s?:\*?\s", re.IGNORECASE)
_NEXT_HEAD_LINE: Final = re.compile(
    r"\*?(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|inviato|oggetto|a"
    r"|verzonden|aan|onderwerp|wysłano|do|temat|skickat|till|sendt|til|odesláno|komu)\s?:\*?\s",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"_{10,}|-{10,}")
_SIGNATURE_MARK: Final = re.compile(r"--\s?")
_SENT_FROM: Final = re.compile(
    r"(sent from my |get outlook for |von meinem .{1,30} gesendet|gesendet (von|mit) |envoyé de mon |enviado desde )",
    re.IGNORECASE,
)
_DISCLAIMER: Final = re.compile(
    r"(this (e-?mail|message)\b.{0,60}\b(is|are|may|contains?)\b.{0,40}confidential"
    r"|diese (e-?mail|nachricht)\b.{0,60}vertraulich)",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"(kind regards|best regards|warm regards|best wishes|regards|best|cheers|many thanks|thanks|thank you|sincerely"
    r"|yours sincerely|all the best|mit freundlichen grüßen|mit freundlichen gruessen|freundliche grüße|viele grüße"
    r"|beste grüße|liebe grüße|schöne grüße|herzliche grüße|danke|vielen dank|mfg|vg|lg|cordialement|saludos)[,.!]?",
    re.IGNORECASE,
)
# A closing is followed by a name, a title, a company, a phone number; more lines than this are a letter going on.
_SIGNATURE_LINES: Final = 8


def own_words(raw: str) -> str:
    """What the writer wrote in this message, without quotes below it and without signature; may be empty."""
    lines = [line.strip() for line in plain(raw[:LONGEST_RAW]).split("\n")]
    return _paragraphs(_without_signature(_up_to_quote(lines)))


def _up_to_quote(lines: list[str]) -> list[str]:
    own: list[str] = []
    for line, following in pairwise((*lines, "")):
        if _begins_quote(line, following):
            break
        own.append(line)
    return [line for line in own if not line.startswith(">")]


def _begins_quote(line: str, following: str) -> bool:
    """Whether everything from this line on was written before. Long introductions are wrapped onto a second line."""
    if len(line) > _LONGEST_HEAD:
        return False
    if _FORWARDED.fullmatch(line) or (_FROM_LINE.match(line) and _NEXT_HEAD_LINE.match(following)):
        return True
    if _RULE.fullmatch(line) and _FROM_LINE.match(following):
        return True
    wrapped = f"{line} {following[:_LONGEST_HEAD]}".strip()
    return any(_WROTE_HEADS.fullmatch(head) for head in (line, wrapped))


def _without_signature(lines: list[str]) -> list[str]:
    """Cut at the signature mark, a phone's own line, a disclaimer, or a closing formula near the end."""
    filled = [number for number, line in enumerate(lines) if line]
    for number in filled:
        line = lines[number]
        if _SIGNATURE_MARK.fullmatch(line) or _SENT_FROM.match(line) or _DISCLAIMER.match(line):
            return lines[:number]
        is_near_end = filled[0] < number >= filled[-1] - _SIGNATURE_LINES
        if is_near_end and _CLOSING.fullmatch(line):
            return lines[:number]
    return lines


def _paragraphs(lines: list[str]) -> str:
    """Lines again as text, with one blank line where there were several."""
    kept = [line for line, following in pairwise((*lines, "")) if line or following]
    return "\n".join(kept).strip()
