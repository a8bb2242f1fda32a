"""Reads plain wishes out of a text by its words, in English and German: a first guess, and a check on any model's."""

import re
from typing import Final

from sales_agent.agents.reading import Intent
from sales_agent.agents.visible_text import one_line, plain

# Wishes are read from the first words; nobody hides what they want behind pages.
_LONGEST_TEXT: Final = 8_000
_LONGEST_QUESTION: Final = 300
_MOST_QUESTIONS: Final = 10

_STOP: Final = re.compile(
    r"\b(unsubscribe|remove me|opt(ing)? out|stop (writing|emailing|contacting|sending)|do not contact|don't contact"
    r"|take me off|abmelden|abbestellen|keine (weiteren )?(e-?mails|mails|nachrichten|werbung)"
    r"|kontaktieren sie mich nicht|nicht mehr kontaktieren)\b",
    re.IGNORECASE,
)
# First match wins: who is not interested may still mention a price; who asks for a demo may ask for a meeting with it.
_WISHES: Final = (
    (Intent.NOT_INTERESTED, "not interested|no longer interested|no interest|chosen another|went with another"),
    (Intent.NOT_INTERESTED, "kein interesse|nicht interessiert|kein bedarf|anders entschieden"),
    (Intent.PROBLEM, r"(does|do|did)(n't| not) work|broken|is down|bug|outage|error message|complain\w*"),
    (Intent.PROBLEM, "funktioniert nicht|fehlermeldung|störung|reklamation|beschwerde"),
    (Intent.DEMO, "demo|demonstration|vorführung|show us|see it in action|zeigen"),
    (Intent.PRICE, "pric(e|es|ing)|cost|costs|how much|quote|quotation|proposal|budget"),
    (Intent.PRICE, "preis|preise|preisliste|kosten|kostet|angebot|konditionen"),
    (Intent.MEETING, "(a|the|short|quick) (call|meeting|chat)|talk to (you|someone|sales)|speak (to|with)|appointment"),
    (Intent.MEETING, "schedule|termin|telefonat|telefonieren|anrufen|gespräch|rückruf"),
)
_WISH_PATTERNS: Final = tuple((wish, re.compile(rf"\b({words})\b", re.IGNORECASE)) for wish, words in _WISHES)
_URGENT: Final = re.compile(
    r"\b(urgent|urgently|asap|as soon as possible|today|tomorrow|this week|deadline|immediately|dringend|eilig|sofort"
    r"|heute|morgen|diese woche|so schnell wie möglich|zeitnah)\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+|\n+")
_REQUEST: Final = re.compile(
    r"(could|can|would|will) you\b|please (send|tell|let|explain|share|confirm)\b|let (me|us) know\b"
    r"|(könnten|können|würden) sie\b|(kannst|könntest) du\b|bitte (senden|schicken|erklären|teilen)\b",
    re.IGNORECASE,
)


def asks_to_stop(text: str) -> bool:
    """Whether somebody asks not to be written to any more."""
    return _STOP.search(text[:_LONGEST_TEXT]) is not None


def sounds_urgent(text: str) -> bool:
    """Whether an answer is wanted within days."""
    return _URGENT.search(text[:_LONGEST_TEXT]) is not None


def sentences_of(text: str) -> tuple[str, ...]:
    """A text cut at sentence ends and line breaks, blanks trimmed."""
    parts = _SENTENCE_END.split(plain(text[:_LONGEST_TEXT]))
    return tuple(part.strip() for part in parts if part.strip())


def is_question(sentence: str) -> bool:
    """Whether a sentence wants something answered, with a question mark or without."""
    return sentence.endswith("?") or _REQUEST.match(sentence) is not None


def questions_in(text: str) -> tuple[str, ...]:
    """The questions of a text in their own words, each on one line."""
    questions = (sentence for sentence in sentences_of(text) if is_question(sentence))
    return tuple(one_line(question, _LONGEST_QUESTION) for question in questions)[:_MOST_QUESTIONS]


def read_intent(text: str) -> Intent:
    """What a text asks for, by its words; a question without a known wish is a question."""
    searched = text[:_LONGEST_TEXT]
    if asks_to_stop(searched):
        return Intent.NOT_INTERESTED
    wish = next((wish for wish, pattern in _WISH_PATTERNS if pattern.search(searched)), None)
    if wish is not None:
        return wish
    return Intent.QUESTION if questions_in(searched) else Intent.UNCLEAR
