"""What a person changed, as the words of a draft again: sentences with types and the evidence they still stand on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sales_agent.content import CallToAction, DraftContent, Evidence, Sentence, SentenceType
from sales_agent.kit.errors import Conflict, InvalidInput
from sales_agent.pipeline.drafting.personal_text import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    TextMissing,
    TextTooLong,
    usable_body,
    usable_line,
)
from sales_agent.pipeline.drafting.realign import FoundSentence, realigned, taken
from sales_agent.pipeline.drafting.reground import regrounded

# A mail of more sentences is a document.
MOST_SENTENCES: Final = 200


class SubjectBelongsToThread(Conflict):
    """This draft answers in a thread and keeps its subject, or mail programs would show it elsewhere; edit the body."""


class EvidenceUnknown(InvalidInput):
    """A sentence points to evidence that this draft does not have; the draft shows what it has."""


class NothingToEdit(InvalidInput):
    """Send a subject, a body or sentences; body and sentences together would say the same twice."""


@dataclass(frozen=True, slots=True)
class TypedSentence:
    """A sentence as a person gives it. `type`: None keeps that of the sentence it was; `evidence_ids` likewise."""

    text: str
    paragraph: int = 0
    type: SentenceType | None = None
    evidence_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person wants to be different; None leaves it as it is."""

    subject: str | None = None
    body: str | None = None
    sentences: tuple[TypedSentence, ...] | None = None


def edited_content(
    before: DraftContent, wish: Edit, facts: Sequence[Evidence], *, is_reply: bool, asset_link: str
) -> DraftContent:
    """The words after the edit. `facts`: everything known, with unique ids.

    Raises NothingToEdit, SubjectBelongsToThread, EvidenceUnknown, TextMissing, TextUnusable, TextTooLong.
    """
    if (wish.body is None) is (wish.sentences is None) and not (wish.body is None and wish.subject is not None):
        raise NothingToEdit
    subject = before.subject
    if wish.subject is not None:
        subject = usable_line(wish.subject, "subject", LONGEST_SUBJECT)
        if is_reply and subject != before.subject:
            raise SubjectBelongsToThread
    found = _found(before, wish, facts)
    if found is None:
        return replace(before, subject=subject)
    sentences = tuple(regrounded(one, facts) for one in found)
    if not any(sentence.text for sentence in sentences):
        raise TextMissing(field="sentences")
    pointed = {id_ for sentence in sentences for id_ in sentence.evidence_ids}
    known = {item.id for item in before.evidence}
    content = replace(
        before,
        subject=subject,
        sentences=sentences,
        evidence=(*before.evidence, *(item for item in facts if item.id in pointed - known)),
    )
    asks = any(sentence.type is SentenceType.CALL_TO_ACTION for sentence in sentences)
    return replace(
        content,
        call_to_action=before.call_to_action if asks else CallToAction.NONE,
        asset_id=before.asset_id if asset_link and asset_link in content.body() else None,
    )


def _found(before: DraftContent, wish: Edit, facts: Sequence[Evidence]) -> tuple[FoundSentence, ...] | None:
    if wish.body is not None:
        return realigned(usable_body(wish.body), before.sentences)
    if wish.sentences is not None:
        return _given(before, wish.sentences, {item.id for item in facts})
    return None


def _given(before: DraftContent, sentences: Sequence[TypedSentence], known: set[str]) -> tuple[FoundSentence, ...]:
    if len(sentences) > MOST_SENTENCES or sum(len(given.text) for given in sentences) > LONGEST_BODY:
        raise TextTooLong(field="sentences", longest=LONGEST_BODY, most_sentences=MOST_SENTENCES)
    unknown = sorted({id_ for given in sentences for id_ in given.evidence_ids or ()} - known)
    if unknown:
        raise EvidenceUnknown(evidence_ids=unknown)
    texts = [usable_body(given.text) for given in sentences]
    left = list(before.sentences)
    same = [_same(text, left) for text in texts]
    return tuple(
        _as_given(given, text, old or taken(text, left))
        for given, text, old in zip(sentences, texts, same, strict=True)
    )


def _same(text: str, left: list[Sentence]) -> Sentence | None:
    old = next((sentence for sentence in left if sentence.text == text), None)
    if old is not None:
        left.remove(old)
    return old


def _as_given(given: TypedSentence, text: str, old: Sentence | None) -> FoundSentence:
    kind = given.type or (old.type if old else SentenceType.CLAIM)
    ids = old.evidence_ids if given.evidence_ids is None and old else given.evidence_ids or ()
    return FoundSentence(Sentence(kind, text, ids, given.paragraph), old)
