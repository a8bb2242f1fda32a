"""Decides which words of a stranger may be repeated in a mail, and cuts them to size."""

import re
from typing import Final

from sales_agent.agents.intents import is_question, sentences_of
from sales_agent.agents.visible_text import one_line

_LONGEST_QUOTE: Final = 160
_SHORTEST_QUOTE: Final = 12
_LONGEST_NAME: Final = 40
_LONGEST_COMPANY: Final = 60

# Where a mail could lead its reader: never taken from a stranger's text, as a form can hold anybody's address.
LEADS_AWAY: Final = re.compile(
    r"[a-z]+://|https?:|www\.|mailto:|tel:|\S+@\S+|\+?\d[\d ()/.-]{7,}\d"
    r"|\b[\w-]+\.(com|net|org|info|biz|io|co|ru|cn|xyz|top|link|click|site|online|shop|app|dev|me|tv|cc|to|ly|gl|de|at|ch"
    r"|uk|fr|eu|example)\b(/\S*)?",
    re.IGNORECASE,
)
# Text that speaks to a machine instead of a person.
TO_A_MACHINE: Final = re.compile(
    r"(ignore|disregard|forget|override|ignorier\w*|vergiss)\b.{0,40}"
    r"\b(previous|prior|above|all|instructions?|rules?|prompt|vorherig\w*|anweisung\w*)"
    r"|system prompt|you are now|act as|as an ai|language model|jailbreak|developer mode"
    r"|</?(system|assistant|user|instructions?)|\[/?inst\]|###|```|\{\{|\$\{",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"[<>{}\[\]\\`|^~*_=]")
_QUOTE_MARKS: Final = "\"' \u201c\u201d\u201e\u201a\u2018\u2019\u00ab\u00bb"
_SALUTATION: Final = re.compile(
    r"(hi|hello|hey|dear|hallo|guten (tag|morgen|abend)|moin|sehr geehrte\w*|liebe\w*)\b", re.IGNORECASE
)
_NAME: Final = re.compile(r"[^\W\d_]+([ '\u2019.-]{1,2}[^\W\d_]+){0,2}\.?")
_COMPANY: Final = re.compile(r"\w[\w&'\u2019.,+ /-]*")
_FILE_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_FILE_VERSION: Final = re.compile(r"[_\s-]+(v\d+|final|copy)\b", re.IGNORECASE)
_LONGEST_TITLE: Final = 80


def quotable(text: str) -> str:
    """The text on one line if it may be repeated, else the empty string."""
    line = one_line(text, _LONGEST_QUOTE).strip(_QUOTE_MARKS)
    harmless = not (LEADS_AWAY.search(text) or TO_A_MACHINE.search(text) or _MARKUP.search(line))
    return line if harmless and len(line) >= _SHORTEST_QUOTE else ""


def telling_sentence(text: str) -> str:
    """The sentence of a message that best says what it is about: its first question, else its first statement."""
    sentences = [sentence for sentence in sentences_of(text) if not _is_salutation(sentence)]
    asked = (sentence for sentence in sentences if is_question(sentence))
    return next((quote for sentence in (*asked, *sentences) if (quote := quotable(sentence))), "")


def _is_salutation(sentence: str) -> bool:
    return _SALUTATION.match(sentence) is not None and len(sentence) <= _LONGEST_NAME


def person_name(written: str) -> str:
    """A first name fit for a greeting, or the empty string: a blank one is better than `Asdf 123`."""
    name = one_line(written, _LONGEST_NAME + 1)
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        return ""
    return name.title() if name.isupper() or name.islower() else name


def company_name(written: str) -> str:
    """A company's name fit for a sentence, or the empty string; a name that mail programs make a link of is not."""
    name = one_line(written, _LONGEST_COMPANY + 1)
    is_fit = _COMPANY.fullmatch(name) and len(name) <= _LONGEST_COMPANY
    return name if is_fit and not LEADS_AWAY.search(name) and not TO_A_MACHINE.search(name) else ""


def file_title(name: str) -> str:
    """A file's name as people say it: `Case_Study-Logistics_v3.pdf` is `Case Study Logistics`."""
    stem = _FILE_VERSION.sub("", _FILE_ENDING.sub("", name))
    title = one_line(_MARKUP.sub(" ", stem.replace("-", " ")), _LONGEST_TITLE)
    return "" if LEADS_AWAY.search(title) or TO_A_MACHINE.search(title) else title
