"""The table of voices: each changes greeting, length, formality, phrases, sign-off and what is never said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Where a voice has no words of its own in a language, it speaks English.
FALLBACK_LANGUAGE: Final = "en"


@dataclass(frozen=True, slots=True)
class VoiceWords:
    """What a voice says in one language. `{first_name}` and `{seller_name}` are filled in."""

    greeting: str
    greeting_without_name: str
    sign_off: str
    phrases: tuple[str, ...]
    never_say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoicePreset:
    """One row. `formality`: formal, friendly or casual; `words` by language."""

    name: str
    formality: str
    max_sentences: int
    words: Mapping[str, VoiceWords]

    def words_in(self, language: str) -> VoiceWords:
        """The words in a language, whatever its region."""
        return self.words.get(language.strip().lower()[:2], self.words[FALLBACK_LANGUAGE])


# Said so often that it says nothing, whoever writes.
_WORN_OUT: Final = ("just checking in", "touch base", "circle back", "I hope this email finds you well")
_WORN_OUT_DE: Final = ("ich wollte nur mal nachfragen", "wie bereits erwähnt", "Synergien")

WARM: Final = VoicePreset(
    "warm",
    "friendly",
    8,
    {
        "en": VoiceWords(
            "Hi {first_name},",
            "Hello,",
            "Warm regards,\n{seller_name}",
            ("Any question in the meantime is welcome.", "Happy to help."),
            _WORN_OUT,
        ),
        "de": VoiceWords(
            "Hallo {first_name},",
            "Hallo,",
            "Herzliche Grüße\n{seller_name}",
            ("Fragen sind bis dahin jederzeit willkommen.", "Ich helfe gern weiter."),
            _WORN_OUT_DE,
        ),
    },
)
FORMAL: Final = VoicePreset(
    "formal",
    "formal",
    10,
    {
        "en": VoiceWords(
            "Dear {first_name},",
            "Dear Sir or Madam,",
            "Kind regards,\n{seller_name}",
            ("I am at your disposal for any questions.",),
            (*_WORN_OUT, "hey", "no worries", "ASAP", "guys"),
        ),
        "de": VoiceWords(
            "Guten Tag {first_name},",
            "Sehr geehrte Damen und Herren,",
            "Mit freundlichen Grüßen\n{seller_name}",
            ("Für Fragen stehe ich Ihnen gern zur Verfügung.",),
            (*_WORN_OUT_DE, "hey", "kein Ding", "super"),
        ),
    },
)
BRIEF: Final = VoicePreset(
    "brief",
    "friendly",
    5,
    {
        "en": VoiceWords(
            "{first_name},",
            "Hello,",
            "Best,\n{seller_name}",
            ("Questions are welcome.",),
            (*_WORN_OUT, "please do not hesitate", "as per", "at your earliest convenience"),
        ),
        "de": VoiceWords(
            "Hallo {first_name},",
            "Hallo,",
            "Gruß\n{seller_name}",
            ("Fragen gern jederzeit.",),
            (*_WORN_OUT_DE, "zögern Sie nicht", "diesbezüglich"),
        ),
    },
)

# The first one is the default.
PRESETS: Final = {preset.name: preset for preset in (WARM, FORMAL, BRIEF)}
