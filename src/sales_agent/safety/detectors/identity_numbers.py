"""Numbers that states and banks give to people: told by checksums, and by the words before them where there is none."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.us import ssn

from sales_agent.safety.detectors.found import CONTEXT_CHARACTERS, Found, PersonalData, counts_things

_NINE_DIGITS = re.compile(r"(?<![\w.,-])\d{3}([-. ]?)\d{2}\1\d{4}(?![\w-]|[.,]\d)")
# Taxpayer numbers begin with 9, and their middle two digits lie in what the tax office has given out so far.
_ITIN = re.compile(r"9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}")
_TAX_WORDS = re.compile(
    r"\b(?:ssns?|itins?|social[ -]security|soc\.? ?sec|tax(?:payer)?[ -]?(?:id|identification|number)|tin)\b",
    re.IGNORECASE,
)

_IBAN_START = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}", re.IGNORECASE)
# The shortest in use is Norway's, the longest the standard allows.
_IBAN_LENGTHS = range(34, 14, -1)
_IBAN_GROUP_BREAKS = " -."

_CARD = re.compile(r"(?<![\w.,+-])\d(?:[ .-]?\d){11,18}(?![\w]|[.,-]\d)")
# First digits and lengths of the card schemes.
_SCHEMES = re.compile(
    r"""(?x)
      4(?:\d{12}|\d{15}|\d{18})                                                      # Visa
    | (?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}             # Mastercard
    | 3[47]\d{13}                                                                    # American Express
    | 3(?:0[0-5]|09|[689]\d)\d{11}                                                   # Diners Club
    | (?:6011\d{2}|65\d{4}|64[4-9]\d{3})\d{10}(?:\d{3})?                             # Discover
    | 35(?:2[89]|[3-8]\d)\d{12}                                                      # JCB
    | 62\d{14,17}                                                                    # UnionPay
    | (?:50[0-9]{2}|5[6-9]\d{2}|6304|6759|676[1-3])\d{8,15}                          # Maestro
    """
)


def find_tax_numbers(text: str) -> Iterator[Found]:
    """US social security and taxpayer numbers: grouped 3-2-4 with hyphens, or any way after words that say so."""
    for match in _NINE_DIGITS.finditer(text):
        before = text[max(0, match.start() - CONTEXT_CHARACTERS) : match.start()]
        is_named = _TAX_WORDS.search(before) is not None
        if not is_named and (match[1] != "-" or counts_things(text, match.start())):
            continue
        digits = re.sub(r"\D", "", match[0])
        if _ITIN.fullmatch(digits):
            yield Found(PersonalData.ITIN, match.start(), match.end())
        elif ssn.is_valid(digits):
            yield Found(PersonalData.SSN, match.start(), match.end())


def find_ibans(text: str) -> Iterator[Found]:
    """Account numbers whose country, length and checksum agree, however they are grouped."""
    for match in _IBAN_START.finditer(text):
        ends = _ends_of_alphanumerics(text, match.start())
        for length in _IBAN_LENGTHS:
            end = ends.get(length)
            if end and not text[end : end + 1].isalnum() and _is_iban(text[match.start() : end]):
                yield Found(PersonalData.IBAN, match.start(), end)
                break


def find_cards(text: str) -> Iterator[Found]:
    """Payment cards: a scheme's first digits and length, the Luhn checksum, and not the number of a thing."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not _SCHEMES.fullmatch(digits) or not luhn.is_valid(digits):
            continue
        if digits == match[0] and counts_things(text, match.start()):
            continue
        yield Found(PersonalData.CARD, match.start(), match.end())


def _is_iban(text: str) -> bool:
    return iban.is_valid(re.sub(r"[ .-]", "", text), check_country=False)


def _ends_of_alphanumerics(text: str, start: int) -> dict[int, int]:
    """Where the run of letters and digits ends after n of them, single group breaks not counted."""
    ends: dict[int, int] = {}
    count = 0
    for place in range(start, min(len(text), start + 2 * _IBAN_LENGTHS.start)):
        char = text[place]
        if char.isascii() and char.isalnum():
            count += 1
            ends[count] = place + 1
        elif char not in _IBAN_GROUP_BREAKS or text[place - 1] in _IBAN_GROUP_BREAKS:
            break
    return ends
