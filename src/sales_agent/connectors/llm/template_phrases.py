"""The sentences of the template writer: by language and tone, plain enough to be anybody's and true of everybody."""

from typing import Final

# Each: (friendly, formal, casual). German is polite in the first two and familiar in the last.
_Tones = tuple[str, ...]

_ENGLISH: Final[dict[str, _Tones]] = {
    "asked": ('You asked: "{quote}"',) * 3,
    "wrote": ('You wrote: "{quote}"',) * 3,
    "asked_before": (
        'In your last mail you asked: "{quote}"',
        'In your last message you asked: "{quote}"',
        'Last time you asked: "{quote}"',
    ),
    "now_writes": ('Now you write: "{quote}"',) * 3,
    "question_for_company": (
        "The answer depends on how {company} works, so I'd like to go through it with you.",
        "The answer depends on how {company} works, so I would like to go through it with you.",
        "That depends on how {company} works, so I'd like to go through it with you.",
    ),
    "discovery_for_company": (
        "Before I suggest anything, I'd like to understand how {company} handles this today.",
        "Before I suggest anything, I would like to understand how {company} handles this today.",
        "Before I suggest anything, I'd like to hear how {company} does this today.",
    ),
    "meeting_for_company": (
        "Half an hour should be enough to see whether we are a fit for {company}.",
        "Half an hour should be sufficient to see whether we are a fit for {company}.",
        "Half an hour should do to see whether we fit {company}.",
    ),
    "demo_for_company": (
        "I'd like to show you the parts that matter for {company} and skip the standard tour.",
        "I would like to show you the parts that matter for {company} and leave out the standard tour.",
        "I'd show you the parts that matter for {company} and skip the standard tour.",
    ),
    "proposal_for_company": (
        "So that the proposal fits {company}, a few points are worth settling first.",
        "So that the proposal fits {company}, a few points should be settled first.",
        "So that the proposal fits {company}, let's settle a few points first.",
    ),
}
_GERMAN: Final[dict[str, _Tones]] = {
    "asked": ("Sie fragten: „{quote}“", "Sie fragten: „{quote}“", "Du hast gefragt: „{quote}“"),
    "wrote": ("Sie schrieben: „{quote}“", "Sie schrieben: „{quote}“", "Du hast geschrieben: „{quote}“"),
    "asked_before": (
        "In Ihrer letzten Nachricht fragten Sie: „{quote}“",
        "In Ihrer letzten Nachricht fragten Sie: „{quote}“",
        "In deiner letzten Nachricht hast du gefragt: „{quote}“",
    ),
    "now_writes": ("Jetzt schreiben Sie: „{quote}“", "Nun schreiben Sie: „{quote}“", "Jetzt schreibst du: „{quote}“"),
    "question_for_company": (
        "Die Antwort hängt davon ab, wie {company} arbeitet, deshalb gehe ich sie gern mit Ihnen durch.",
        "Die Antwort hängt davon ab, wie {company} arbeitet, deshalb gehe ich sie gern mit Ihnen durch.",
        "Das hängt davon ab, wie {company} arbeitet, deshalb gehe ich es gern mit dir durch.",
    ),
    "discovery_for_company": ("Bevor ich etwas vorschlage, möchte ich verstehen, wie {company} das heute löst.",) * 3,
    "meeting_for_company": ("Eine halbe Stunde sollte reichen, um zu sehen, ob wir zu {company} passen.",) * 3,
    "demo_for_company": ("Ich zeige gern das, was für {company} zählt, statt einer Standardtour.",) * 3,
    "proposal_for_company": ("Damit der Vorschlag zu {company} passt, sollten wir vorher einige Punkte klären.",) * 3,
}
_TONES: Final = ("friendly", "formal", "casual")


def phrase(name: str, *, language: str, formality: str, **words: str) -> str:
    """One sentence with its words filled in; an unknown language is English, an unknown tone friendly."""
    table = _GERMAN if language.lower().startswith("de") else _ENGLISH
    tone = _TONES.index(formality) if formality in _TONES else 0
    text = table[name][tone]
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", value)
    return text
