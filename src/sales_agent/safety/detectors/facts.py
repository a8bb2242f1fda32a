"""Takes out of a sentence what can be compared with its evidence: figures, names, telling words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIGURE = re.compile(
    r"(?P<before>[$€£¥]\s?)?(?<![\w.,])(?P<number>\d+(?:[.,'\u2019\u00a0 ]\d{3}(?!\d))*(?:[.,]\d+)?)(?!\d)"
    r"(?:\s?(?P<scale>k|m|mio|bn|thousand|million|billion|tausend|millionen|milliarden?)\b)?"
    r"(?P<after>\s?(?:%|percent\b|per cent\b|prozent\b|[$€£¥]|(?:usd|eur|gbp|chf|dollars?|euros?|pounds?)\b"
    r"|x\b|times\b|-?fold\b|-?mal\b))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?=\s?(?:[ap]\.?m|uhr|h)\b)|\b\d{1,2}:\d{2}\b", re.IGNORECASE)
_SCALES = {
    **dict.fromkeys(("k", "thousand", "tausend"), 3),
    **dict.fromkeys(("m", "mio", "million", "millionen"), 6),
    **dict.fromkeys(("bn", "billion", "milliarde", "milliarden"), 9),
}

_CAPITALISED = r"[A-Z\u00c0-\u00de][\w&'\u2019-]*\w"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s+(?:of\s+|de\s+|von\s+|&\s+)?{_CAPITALISED})*")
_WORD = re.compile(r"[^\W_]{3,}")
_LAST_DAY, _FIRST_YEAR, _LAST_YEAR = 31, 1900, 2100

# Capitalised in English without naming anybody.
_NO_NAMES = frozenset(
    re.findall(
        r"\S+",
        """
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july
        august september october november december i i'm i've i'd i'll hi hello dear best regards thanks
        kind english german french spanish italian european american uk us usa eu api crm erp hr it ai roi
        kpi faq pdf ceo cto cfo coo vp q1 q2 q3 q4 utc gmt cet cest est edt pst pdt bst
        """,
    )
)
_EMPTY_WORDS = frozenset(
    _WORD.findall(
        """
        the and for with you your our are that this from have has can how what when which who will would
        about into not but all any its was were they them their there here more than then also just been
        being had does did may might should could very some such these those over under each per one two out
        see saw like get got let make made und oder der die das ein eine mit von bei auf aus ist sind war
        wir sie ihr ihre uns unser nicht auch noch wie was
        """
    )
)
# Inflections fall away, so that "integrating" meets "integration".
_STEM_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as characters [start, end) of the sentence; `forms` are its spellings that count as the same."""

    start: int
    end: int
    forms: frozenset[str]
    is_measure: bool

    @property
    def may_be_a_date(self) -> bool:
        """A day of a month or a year; "12 million" is neither."""
        form = min(self.forms, key=len)
        is_whole = len(self.forms) == 1 and form.isdigit()
        return is_whole and (int(form) <= _LAST_DAY or _FIRST_YEAR <= int(form) <= _LAST_YEAR)


def figures(text: str) -> Iterator[Figure]:
    """Every number. `is_measure`: a percentage, an amount of money or a factor. Times of day are left out."""
    plain = _CLOCK.sub(lambda match: "\x00" * len(match[0]), text)
    for match in _FIGURE.finditer(plain):
        number = _canonical(match["number"])
        forms = {number}
        if scale := _SCALES.get((match["scale"] or "").lower()):
            forms.add(_scaled(number, scale))
        yield Figure(match.start(), match.end(), frozenset(forms), is_measure=bool(match["before"] or match["after"]))


def number_forms(text: str) -> frozenset[str]:
    """The spellings of every number of a text."""
    return frozenset(form for figure in figures(text) for form in figure.forms)


def names(text: str) -> Iterator[str]:
    """Capitalised words and runs of them, the first word of the sentence left out."""
    first = re.match(r"\W*\w+", text)
    for match in _NAME.finditer(text, first.end() if first else 0):
        if match[0].lower() not in _NO_NAMES:
            yield match[0]


def telling_words(text: str) -> frozenset[str]:
    """Beginnings of the words that say something, folded."""
    words = (match[0].casefold() for match in _WORD.finditer(text))
    return frozenset(word[:_STEM_LETTERS] for word in words if word not in _EMPTY_WORDS)


def _canonical(number: str) -> str:
    """Without thousands marks, with a point before decimals, without zeros that mean nothing."""
    whole = re.sub(r"[.,'\u2019\u00a0 ](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole.lstrip("0") or "0"


def _scaled(number: str, zeros: int) -> str:
    whole, _, decimals = number.partition(".")
    return (whole + decimals.ljust(zeros, "0")[:zeros]).lstrip("0") or "0"
