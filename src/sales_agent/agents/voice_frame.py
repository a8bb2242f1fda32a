"""The parts of a mail that are the voice's alone: greeting, sign-off, a turn of phrase, the list of times."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.quoting import person_name
from sales_agent.agents.slot_labels import place_of
from sales_agent.agents.wording import courtesy, foreign_times, tongue
from sales_agent.content import CallToAction, Sentence, SentenceType, Voice

_FIELD: Final = re.compile(r"\{(\w+)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with `{name}` replaced; the empty string if a value is missing, so that no hole is ever sent."""
    missing = [name for name in _FIELD.findall(template) if not values.get(name)]
    return "" if missing else _FIELD.sub(lambda match: values[match[1]], template)


def greeting(voice: Voice, lead: LeadFacts) -> str:
    """By name if there is one fit to be used."""
    first, last = person_name(lead.known("firstname")), person_name(lead.known("lastname"))
    values = {"first_name": first, "last_name": last, "full_name": f"{first} {last}" if first and last else ""}
    return filled(voice.greeting, values) or voice.greeting_without_name


def first_words(voice: Voice, salutation: str, call: CallToAction, *, is_known: bool) -> str:
    """Thanks; after a greeting that ends with a comma, German goes on in lower case."""
    text = courtesy(call, is_known=is_known, language=voice.language, formality=voice.formality)
    goes_on = tongue(voice.language) == "de" and salutation.rstrip().endswith(",")
    return text[:1].lower() + text[1:] if goes_on else text


def sign_off(voice: Voice) -> str:
    """The voice's sign-off; lines with a hole are left out."""
    values = {"seller_name": voice.seller_name, "company": voice.company, "seller_email": voice.seller_email}
    lines = (filled(line, values) for line in voice.sign_off.split("\n"))
    return "\n".join(line for line in lines if line)


def signature_phrase(voice: Voice, proposed: Sequence[Sentence]) -> Sentence | None:
    """The voice's first phrase as a sentence of its own, unless the mail says one of them already."""
    said = " ".join(sentence.text for sentence in proposed).casefold()
    if not voice.phrases or any(phrase.casefold() in said for phrase in voice.phrases):
        return None
    phrase = voice.phrases[0].strip()
    text = phrase if phrase.endswith((".", "!", "?")) else f"{phrase}."
    return Sentence(SentenceType.CLAIM, text, ("voice.phrase.1",))


def listed_times(slots: ProposedSlots, voice: Voice) -> str:
    """The slots' labels as they are, one a line; where the prospect's zone is unknown, the list says whose it is."""
    lines = [f"- {slot.label}" for slot in slots.slots]
    if not slots.zone_is_known:
        place = place_of(slots.zone) or slots.zone
        lines.append(foreign_times(place, language=voice.language, formality=voice.formality))
    return "\n".join(lines)
