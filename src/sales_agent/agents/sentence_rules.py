"""What a single proposed sentence must be like to be said; each rule gives the reason why it may not, or nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sales_agent.agents.quoting import LEADS_AWAY, TO_A_MACHINE
from sales_agent.agents.visible_text import one_line
from sales_agent.content import Evidence, EvidenceKind, Sentence, SentenceType

LONGEST_SENTENCE: Final = 400
# Dashes between clauses are what machine-written mail is known by.
_BETWEEN_NUMBERS: Final = re.compile(r"(?<=\d)\s?[\u2012-\u2015\u2212]\s?(?=\d)")
_BETWEEN_CLAUSES: Final = re.compile(r"\s*(?:[\u2012-\u2015\u2212\u2e3a\u2e3b]+|(?<=\s)-{1,3}(?=\s)|--+)\s*")
_PLACEHOLDER: Final = re.compile(
    r"\[[^\]]*\]|\{[^}]*\}|<[^>]*>"
    r"|\b(XYZ|TBD|lorem ipsum|your company|your name|Ihre Firma|Ihr Unternehmen|Ihr Name)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*\s?%?|[$€£]")
# The length of the meeting is ours to say.
_OUR_NUMBERS: Final[frozenset[str]] = frozenset({"30"})
_DAY: Final = re.compile(
    r"\b((mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|next week"
    r"|(mon|diens|donners|frei|sams|sonn)tag|mittwoch|heute|übermorgen|nächste woche)\b",
    re.IGNORECASE,
)
# A stranger's words bind nobody: "as you promised, half price" is easily written.
_BINDING: Final = frozenset({EvidenceKind.FILE, EvidenceKind.VOICE})


@dataclass(frozen=True, slots=True)
class Grounds:
    """What sentences are judged by: the evidence they may cite, words that may not be said, names that are no links."""

    citable: Mapping[str, Evidence]
    never_say: Sequence[str]
    names: Sequence[str]

    def banned(self, text: str) -> str:
        """The first phrase of `never_say` that a text contains, in any case, or the empty string."""
        folded = text.casefold()
        phrases = (phrase.strip() for phrase in self.never_say if phrase.strip())
        return next((phrase for phrase in phrases if _contains(folded, phrase.casefold())), "")


def _contains(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def without_dashes(text: str) -> str:
    """Ranges keep a hyphen, clauses get a comma."""
    return _BETWEEN_CLAUSES.sub(", ", _BETWEEN_NUMBERS.sub("-", text)).strip(" ,")


def tidy(text: str) -> str:
    """One line of visible signs without dashes."""
    return without_dashes(one_line(text, LONGEST_SENTENCE))


def _says_nothing(sentence: Sentence, _: Grounds) -> str:
    return "" if re.search(r"\w", sentence.text) else "it says nothing"


def _leads_away(sentence: Sentence, grounds: Grounds) -> str:
    text = sentence.text
    for name in grounds.names:
        text = text.replace(name, "")
    return "it holds a link, an address or a number to call" if LEADS_AWAY.search(text) else ""


def _speaks_to_a_machine(sentence: Sentence, _: Grounds) -> str:
    return "it repeats an instruction to a machine" if TO_A_MACHINE.search(sentence.text) else ""


def _has_placeholder(sentence: Sentence, _: Grounds) -> str:
    return "it holds a placeholder" if _PLACEHOLDER.search(sentence.text) else ""


def _is_banned(sentence: Sentence, grounds: Grounds) -> str:
    phrase = grounds.banned(sentence.text)
    return f"the voice never says {phrase!r}" if phrase else ""


def _lacks_evidence(sentence: Sentence, grounds: Grounds) -> str:
    kinds = {grounds.citable[id_].kind for id_ in sentence.evidence_ids}
    if sentence.type is SentenceType.COMMITMENT and not kinds & _BINDING:
        return "nothing of ours says what it promises"
    return "nothing known says it" if sentence.type is SentenceType.CLAIM and not kinds else ""


def _has_unbacked_number(sentence: Sentence, grounds: Grounds) -> str:
    """Numbers are where inventions hurt: each must stand in the cited evidence or in a name."""
    sources = (*(grounds.citable[id_].text for id_ in sentence.evidence_ids), *grounds.names)
    known = _OUR_NUMBERS.union(*(_numbers(source) for source in sources))
    unbacked = sorted(_numbers(sentence.text) - known)
    return f"no evidence says {unbacked[0]}" if unbacked else ""


def _numbers(text: str) -> frozenset[str]:
    return frozenset(match.group().replace(" ", "") for match in _NUMBER.finditer(text))


def _names_a_day(sentence: Sentence, _: Grounds) -> str:
    """Only the calendar knows when somebody is free; what a stranger is quoted with may name any day."""
    asks = sentence.type in {SentenceType.CALL_TO_ACTION, SentenceType.QUESTION}
    return "the times are told below it" if asks and _DAY.search(sentence.text) else ""


RULES: Final[tuple[Callable[[Sentence, Grounds], str], ...]] = (
    _says_nothing,
    _leads_away,
    _speaks_to_a_machine,
    _has_placeholder,
    _is_banned,
    _lacks_evidence,
    _has_unbacked_number,
    _names_a_day,
)


def objection(sentence: Sentence, grounds: Grounds) -> str:
    """Why a sentence may not be said, or the empty string."""
    return next((reason for rule in RULES if (reason := rule(sentence, grounds))), "")
