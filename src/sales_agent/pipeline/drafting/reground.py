"""What a changed sentence may still stand on: its old evidence if that says so, else a fact that does, else none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sales_agent.agents.words import content_words
from sales_agent.content import Evidence, EvidenceKind, Sentence, SentenceType
from sales_agent.pipeline.drafting.evidence import NUMBER, Support, support_of
from sales_agent.pipeline.drafting.realign import FoundSentence

_STATING: Final = frozenset({SentenceType.CLAIM, SentenceType.COMMITMENT})


def regrounded(found: FoundSentence, facts: Sequence[Evidence]) -> Sentence:
    """The sentence with the evidence it stands on; its type stays, so that a claim nothing supports shows as such.

    `facts`: everything known, with unique ids. A sentence that was left alone keeps what it stood on.
    """
    sentence = found.sentence
    if found.is_unchanged:
        return sentence
    if sentence.type in _STATING:
        return replace(sentence, evidence_ids=_support_for(sentence, facts))
    kept = (item.id for item in facts if item.id in sentence.evidence_ids and _is_still_told(item, sentence.text))
    return replace(sentence, evidence_ids=tuple(kept))


def _support_for(sentence: Sentence, facts: Sequence[Evidence]) -> tuple[str, ...]:
    said = content_words(sentence.text)
    if not said:
        return ()
    if sentence.evidence_ids and support_of(sentence, facts) is Support.SUPPORTED:
        return sentence.evidence_ids
    carrying = [
        item for item in facts if support_of(replace(sentence, evidence_ids=(item.id,)), facts) is Support.SUPPORTED
    ]
    best = max(carrying, key=lambda item: len(said & content_words(item.text)), default=None)
    return (best.id,) if best is not None else ()


def _is_still_told(fact: Evidence, text: str) -> bool:
    """Whether a sentence that states nothing still speaks of this: an offered time must be named as it was offered."""
    if fact.kind is EvidenceKind.SLOT:
        return " ".join(fact.text.split()).casefold() in " ".join(text.split()).casefold()
    knows_numbers = set(NUMBER.findall(text)) <= set(NUMBER.findall(fact.text))
    return knows_numbers and bool(content_words(text) & content_words(fact.text))
