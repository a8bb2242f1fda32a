"""The few phrases the code says by itself, in each language and tone: what is asked for, how a mail is headed."""

from typing import Final

from sales_agent.agents.reading import Intent
from sales_agent.content import CallToAction

LANGUAGES: Final = ("en", "de")
_FORMAL: Final = "formal"
_CASUAL: Final = "casual"

# (where times or, for an answer, a file are offered; otherwise).
# German is written in its polite form; `_DU` makes the familiar one of it.
_ASK: Final[dict[str, dict[CallToAction, tuple[str, str]]]] = {
    "en": {
        CallToAction.MEETING: (
            "Would one of these times suit you for a 30-minute call?",
            "When would a 30-minute call suit you?",
        ),
        CallToAction.DISCOVERY: (
            "Would one of these times suit you for a first 30-minute conversation?",
            "When would you have 30 minutes for a first conversation?",
        ),
        CallToAction.DEMO: (
            "Would one of these times suit you for a 30-minute demo?",
            "When would a 30-minute demo suit you?",
        ),
        CallToAction.PROPOSAL: (
            "Could we use one of these times to go through what the proposal should cover?",
            "What should the proposal cover so that it is useful to you?",
        ),
        CallToAction.ANSWER: (
            "Does that answer your question?",
            "Is there anything else I should know before I answer in detail?",
        ),
    },
    "de": {
        CallToAction.MEETING: (
            "Passt Ihnen einer dieser Termine für ein Gespräch von 30 Minuten?",
            "Wann passt Ihnen ein Gespräch von 30 Minuten?",
        ),
        CallToAction.DISCOVERY: (
            "Passt Ihnen einer dieser Termine für ein erstes Gespräch von 30 Minuten?",
            "Wann haben Sie 30 Minuten für ein erstes Gespräch?",
        ),
        CallToAction.DEMO: (
            "Passt Ihnen einer dieser Termine für eine Demo von 30 Minuten?",
            "Wann passt Ihnen eine Demo von 30 Minuten?",
        ),
        CallToAction.PROPOSAL: (
            "Wollen wir an einem dieser Termine durchgehen, was der Vorschlag abdecken soll?",
            "Was soll der Vorschlag abdecken, damit es Ihnen weiterhilft?",
        ),
        CallToAction.ANSWER: (
            "Beantwortet das Ihre Frage?",
            "Gibt es noch etwas, das ich wissen sollte, bevor ich ausführlich antworte?",
        ),
    },
}
_DU: Final = (("asst Ihnen", "asst dir"), ("haben Sie", "hast du"), ("es Ihnen", "es dir"), ("Ihre ", "deine "))

# What is said first: (friendly, formal, casual).
_TONES: Final = ("friendly", _FORMAL, _CASUAL)
_THANKS: Final = {
    "en": ("Thanks for getting in touch.", "Thank you for getting in touch.", "Thanks for reaching out."),
    "de": ("Vielen Dank für Ihre Nachricht.", "Vielen Dank für Ihre Nachricht.", "Danke für deine Nachricht."),
}
_AGAIN: Final = {
    "en": ("Good to hear from you again.", "It is good to hear from you again.", "Good to hear from you again."),
    "de": (
        "Schön, wieder von Ihnen zu hören.",
        "Vielen Dank für Ihre erneute Nachricht.",
        "Schön, wieder von dir zu hören.",
    ),
}
_NOTED: Final = {
    "en": ("Thanks for letting me know.", "Thank you for letting me know.", "Thanks for letting me know."),
    "de": ("Danke für die Rückmeldung.", "Vielen Dank für Ihre Rückmeldung.", "Danke für die Rückmeldung."),
}

# (as the answer itself, beside something else)
_FILE: Final = {
    "en": ('"{title}" goes into this', 'Until then, "{title}" may be useful'),
    "de": ("Dazu passt „{title}“", "Bis dahin könnte „{title}“ hilfreich sein"),
}

# (to a company that is named, otherwise)
_SUBJECT: Final[dict[str, dict[Intent, tuple[str, str]]]] = {
    "en": {
        Intent.DEMO: ("Your demo with {company}", "Your demo request"),
        Intent.PRICE: ("Your question about pricing at {company}", "Your question about pricing"),
        Intent.QUESTION: ("Your question to {company}", "Your question"),
        Intent.MEETING: ("Our call: {company}", "Our call"),
        Intent.PROBLEM: ("Your message to {company}", "Your message"),
        Intent.UNCLEAR: ("Your message to {company}", "Your message"),
    },
    "de": {
        Intent.DEMO: ("{your} Demo mit {company}", "{your} Demo"),
        Intent.PRICE: ("{your} Frage nach Preisen bei {company}", "{your} Frage nach Preisen"),
        Intent.QUESTION: ("{your} Frage an {company}", "{your} Frage"),
        Intent.MEETING: ("Unser Gespräch: {company}", "Unser Gespräch"),
        Intent.PROBLEM: ("{your} Nachricht an {company}", "{your} Nachricht"),
        Intent.UNCLEAR: ("{your} Nachricht an {company}", "{your} Nachricht"),
    },
}


def tongue(language: str) -> str:
    """The language the code's own phrases come in: English where there are none in the one asked for."""
    short = language.strip().lower()[:2]
    return short if short in LANGUAGES else "en"


def ask(call: CallToAction, *, offered: bool, language: str, formality: str) -> str:
    """The sentence that asks for the next step; empty if nothing is asked for. `offered`: times or a file stand by."""
    spoken = tongue(language)
    both = _ASK[spoken].get(call)
    if both is None:
        return ""
    text = both[0 if offered else 1]
    if spoken == "de" and formality == _CASUAL:
        for formal, familiar in _DU:
            text = text.replace(formal, familiar)
    return text


def courtesy(call: CallToAction, *, is_known: bool, language: str, formality: str) -> str:
    """The first sentence after the greeting: thanks for the message, or for the refusal."""
    row = _NOTED if call is CallToAction.NONE else _AGAIN if is_known else _THANKS
    return row[tongue(language)][_TONES.index(formality) if formality in _TONES else 0]


def file_offer(call: CallToAction, title: str, *, language: str) -> str:
    """The sentence that offers a file; its link is put behind it."""
    answers, meanwhile = _FILE[tongue(language)]
    return (answers if call is CallToAction.ANSWER else meanwhile).replace("{title}", title)


def subject(intent: Intent, company: str, *, language: str, formality: str) -> str:
    """The subject of a first mail."""
    spoken = tongue(language)
    named, unnamed = _SUBJECT[spoken].get(intent, _SUBJECT[spoken][Intent.UNCLEAR])
    your = "Deine" if formality == _CASUAL else "Ihre"
    return (named if company else unnamed).replace("{company}", company).replace("{your}", your)


def foreign_times(place: str, *, language: str, formality: str) -> str:
    """Says that the times are not in the reader's zone, which nobody knows."""
    if tongue(language) == "de":
        yours = "deine" if formality == _CASUAL else "Ihre"
        return f"(Angaben in der Zeit von {place}, da ich {yours} Zeitzone nicht kenne.)"
    contracted = "don't" if formality != _FORMAL else "do not"
    return f"(These are {place} times, as I {contracted} know your time zone.)"
