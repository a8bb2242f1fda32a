"""How well each sentence is supported, and where its evidence is found: for showing to the person who approves."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sales_agent.agents.words import content_words
from sales_agent.content import DraftContent, Evidence, EvidenceKind, Sentence, SentenceType

# Types that state something; the others need no support.
_STATING = frozenset({SentenceType.CLAIM, SentenceType.COMMITMENT})
NUMBER = re.compile(r"\d+")

# With fewer of the sentence's own telling words in the evidence, a person should look twice.
_LEAST_SHARE = 0.3


class Support(StrEnum):
    """How a sentence stands on its evidence."""

    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"
    NOT_APPLICABLE = "n/a"


@dataclass(frozen=True, slots=True)
class LocatedEvidence:
    """A piece of evidence, and where a person finds it."""

    evidence: Evidence
    where: str


@dataclass(frozen=True, slots=True)
class SupportedSentence:
    """A sentence in its place, with the evidence it points to."""

    number: int
    sentence: Sentence
    support: Support
    evidence: tuple[LocatedEvidence, ...]


def support_of(sentence: Sentence, evidence: Sequence[Evidence]) -> Support:
    """What stands behind a sentence.

    unsupported: it states something and points to nothing that is known. weak: evidence is missing, shares few words
    with the sentence, or does not know one of its numbers.
    """
    known = [item for item in evidence if item.id in sentence.evidence_ids]
    if not known:
        needed = sentence.type in _STATING or sentence.evidence_ids
        return Support.UNSUPPORTED if needed else Support.NOT_APPLICABLE
    if len({item.id for item in known}) < len(set(sentence.evidence_ids)):
        return Support.WEAK
    if sentence.type not in _STATING:
        return Support.SUPPORTED
    texts = " ".join(item.text for item in known)
    if not set(NUMBER.findall(sentence.text)) <= set(NUMBER.findall(texts)):
        return Support.WEAK
    said = content_words(sentence.text)
    share = len(said & content_words(texts)) / len(said) if said else 1.0
    return Support.SUPPORTED if share >= _LEAST_SHARE else Support.WEAK


def locate(evidence: Evidence) -> str:
    """Where a piece of evidence is found, in words for a person."""
    if evidence.kind is EvidenceKind.SLOT:
        return f"free time on {_spoken(evidence.locator)}"
    return f"{_PLACES[evidence.kind]} {evidence.locator}"


_PLACES: Mapping[EvidenceKind, str] = {
    EvidenceKind.FORM_FIELD: "form field",
    EvidenceKind.MESSAGE: "mail message",
    EvidenceKind.FILE: "file",
    EvidenceKind.CRM_PROPERTY: "CRM property",
    EvidenceKind.VOICE: "voice",
}


def slots_told(content: DraftContent) -> tuple[Evidence, ...]:
    """The offered times that sentences stand on."""
    pointed = {id_ for sentence in content.sentences for id_ in sentence.evidence_ids}
    return tuple(item for item in content.evidence if item.kind is EvidenceKind.SLOT and item.id in pointed)


def resolved(content: DraftContent) -> tuple[SupportedSentence, ...]:
    """Every sentence in order with its support and its located evidence."""
    return tuple(
        SupportedSentence(
            number,
            sentence,
            support_of(sentence, content.evidence),
            tuple(LocatedEvidence(item, locate(item)) for item in content.evidence if item.id in sentence.evidence_ids),
        )
        for number, sentence in enumerate(content.sentences)
    )


def _spoken(start: str) -> str:
    try:
        return dt.datetime.fromisoformat(start).strftime("%a %d %b %Y, %H:%M %z").strip()
    except ValueError:
        return start
