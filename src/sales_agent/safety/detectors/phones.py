"""Telephone numbers: international ones by their form, national ones by form and the words before them."""

import re
from collections.abc import Iterator

import phonenumbers

from sales_agent.safety.detectors.found import CONTEXT_CHARACTERS, Found, PersonalData, counts_things

_CANDIDATE = re.compile(r"(?<![\w.,+/-])(?:\+|00)?[ ]?\(?\d(?:[ ().\-/]{0,3}\d){6,16}(?![\w%]|[.,:]\d)")
# The same length of nothing, so that "2026-11-24 10:00" is no run of twelve digits.
_DATES_AND_TIMES = re.compile(
    r"(?<![\d./-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2})(?![\d/-]|\.\d)"
    r"|\d{1,2}[:.]\d{2}(?::\d{2})?(?=[ ]?(?:[ap]\.?m|Uhr|h)\b)|\d{1,2}:\d{2}(?::\d{2})?",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"""(?ix)
    \b(?: phone | telephone | telefon | tel | t[e\u00e9]l[e\u00e9]phone | t[e\u00e9]l | fax | mobile? | handy | cell
        | cellphone | whatsapp | call | ring | dial | text | sms | reach | direct[ ]line | hotline | landline
        | durchwahl | mob | ph | contact[ ]number | (?:my|his|her|their|your|our)[ ]number | anrufen | rufen )\b
    [^.!?\d]* [.:]? [^.!?\d]* $
    """
)
_NORTH_AMERICAN = re.compile(r"(?:1[-. ]?)?(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}[-. ])\d{3}[-. ]\d{4}")
# Where a national number begins with 0 and is often written so.
_REGIONS = ("GB", "DE", "FR", "IT", "CH", "AT", "NL", "BE", "AU", "IE", "SE")
_MIN_DIGITS, _MAX_DIGITS = 7, 15


def find_phones(text: str) -> Iterator[Found]:
    """Numbers somebody could call. Bare digits count only after words such as "call" or "phone"."""
    plain = _DATES_AND_TIMES.sub(lambda match: "\x00" * len(match[0]), text)
    for match in _CANDIDATE.finditer(plain):
        number = match[0].strip()
        digits = re.sub(r"\D", "", number)
        if _MIN_DIGITS <= len(digits) <= _MAX_DIGITS and _is_phone(plain, match.start(), number, digits):
            yield Found(PersonalData.PHONE, match.start() + len(match[0]) - len(match[0].lstrip()), match.end())


def digits_of(number: str) -> str:
    """The digits that tell two spellings of one number apart from another number: without +, 00 and trunk 0."""
    return re.sub(r"\D", "", number.replace("(0)", "")).lstrip("0")


def is_same_number(one: str, other: str) -> bool:
    """Whether one is the other, perhaps with its country in front."""
    short, long = sorted((digits_of(one), digits_of(other)), key=len)
    return len(short) >= _MIN_DIGITS and long.endswith(short)


def _is_phone(text: str, start: int, number: str, digits: str) -> bool:
    if number.startswith("+"):
        return _is_possible("+" + digits, None)
    if _CALLS.search(text[max(0, start - CONTEXT_CHARACTERS) : start]):
        return True
    if counts_things(text, start):
        return False
    if number.startswith("00"):
        return _is_possible("+" + digits[2:], None)
    if _NORTH_AMERICAN.fullmatch(number):
        return True
    is_grouped = digits != number and not re.fullmatch(r"[\d.,]+", number.replace(".", "", 1))
    return digits.startswith("0") and is_grouped and any(_is_valid(number, region) for region in _REGIONS)


def _is_possible(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number_for_region(phonenumbers.parse(number, region), region)
    except phonenumbers.NumberParseException:
        return False
