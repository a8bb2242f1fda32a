"""No insults, guarantees, pressure, advice or leftovers of a template; one request; the words of the voice."""

from collections.abc import Iterable, Iterator

from sales_agent.content import CallToAction, Finding, SentenceType, Severity, Span
from sales_agent.safety.detectors.language import guess_language
from sales_agent.safety.findings import CheckedDraft, finding_at, slot_evidence_ids
from sales_agent.safety.wording import Wording, exactly, search
from sales_agent.safety.words.prohibited import PROHIBITED, SAID_BY_US

NAME = "prohibited"


def check_prohibited(draft: CheckedDraft) -> Iterable[Finding]:
    """Findings of the table, words the voice never says, more than one request, a body in another language."""
    yield from search(NAME, draft, PROHIBITED)
    yield from search(NAME, draft, SAID_BY_US, draft.own_parts)
    yield from search(NAME, draft, map(_never_say, filter(str.strip, draft.voice.never_say)))
    yield from _requests(draft)
    yield from _language(draft)


def _never_say(phrase: str) -> Wording:
    return Wording(
        "never_say",
        Severity.BLOCK,
        exactly(phrase),
        f'The voice never says "{phrase}".',
        "Say it in other words.",
    )


def _requests(draft: CheckedDraft) -> Iterator[Finding]:
    asks = _asking_sentences(draft)
    if asks and draft.content.call_to_action is CallToAction.NONE:
        words = ("No call to action was planned, and the mail makes one.", "Take it out, or plan it as the next step.")
        yield finding_at(NAME, "unplanned_request", Severity.WARN, words, asks[0], draft)
    for span in asks[1:]:
        words = ("The mail asks for more than one thing; readers answer one or none.", "Keep the planned request only.")
        yield finding_at(NAME, "second_request", Severity.WARN, words, span, draft)


def _asking_sentences(draft: CheckedDraft) -> list[Span]:
    """A list of times belongs to the question it stands by; every other call to action is a request more."""
    slots = slot_evidence_ids(draft)
    return [
        span
        for sentence, span in zip(draft.content.sentences, draft.spans, strict=True)
        if sentence.type is SentenceType.CALL_TO_ACTION
        and ("?" in sentence.text or not slots.intersection(sentence.evidence_ids))
    ]


def _language(draft: CheckedDraft) -> Iterator[Finding]:
    guess = guess_language(draft.body)
    if guess is not None and guess != draft.voice.language.lower()[:2]:
        yield Finding(
            NAME,
            "other_language",
            Severity.WARN,
            f"The body reads as {guess}, the voice writes {draft.voice.language}.",
            "Write it again in the language of the voice, or change the voice.",
        )
