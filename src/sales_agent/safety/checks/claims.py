"""A claim says no more than its evidence: no figure, no name and no praise that was not read somewhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sales_agent.content import Evidence, EvidenceKind, Finding, SentenceType, Severity, Span
from sales_agent.safety.detectors.facts import Figure, figures, names, number_forms, telling_words
from sales_agent.safety.findings import SUBJECT, CheckedDraft, finding_at
from sales_agent.safety.wording import phrases, search

NAME = "claims"

# What may speak for the seller; a lead's own words prove nothing about us.
_OURS = frozenset({EvidenceKind.FILE, EvidenceKind.VOICE})
_ABOUT_US = re.compile(
    r"\b(?:our|unser\w*)\s+(?:\w+\s+)?(?:product|platform|solution|software|tool|system|customers?|clients?|users|team"
    r"|service|company|technology|produkt|plattform|l\u00f6sung|kunden)\b"
    r"|\b(?:we|wir)\s+(?:help|support|offer|integrate|provide|serve|work with|reduce|increase|save|are used|have helped"
    r"|helfen|bieten)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\bour\s+(?:\w+\s+)?(?:customers|clients|users|partners|references)\b"
    r"|\b(?:companies|teams|brands|businesses|firms|organi[sz]ations)\s+(?:like|such as|including)\b"
    r"|\b(?:trusted|used|chosen|loved|backed|recommended)\s+by\b|\bcase stud(?:y|ies)\s+(?:with|of|about|from)\b"
    r"|\bwe(?:'ve|\s+have)?\s+(?:recently\s+|already\s+|just\s+)?(?:helped|worked with|partnered with"
    r"|supported|served)\b"
    r"|\bunsere\s+kunden\b|\bkunden\s+wie\b|\bfirmen\s+wie\b|\bunternehmen\s+wie\b",
    re.IGNORECASE,
)
_PRAISE = phrases(
    "praise_without_evidence",
    Severity.BLOCK,
    "A superlative that no evidence holds.",
    "Say what can be shown, or leave it out.",
    r"""
    market[- ]lead(er|ing) | industry[- ]lead(er|ing) | world[- ](class|leading) | number one | no\. ?1 | #1
    best[- ]in[- ]class | award[- ]winning | most (trusted|advanced|popular) | fastest[- ]growing | highest[- ]rated
    unrivall?ed | unmatched | unparallell?ed | the only (solution|platform|company|product|tool|vendor)
    marktf(ü|ue)hr\w+ | einzigartig\w*
    """,
)
# What may stand between the parts of a name.
_LINKING_WORDS = frozenset({"of", "de", "von", "&"})


class Support(StrEnum):
    """How well a claim stands on what it points to."""

    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reasons` are (code, message, severity); empty when supported."""

    support: Support
    reasons: tuple[tuple[str, str, Severity], ...] = ()


def check_claims(draft: CheckedDraft) -> Iterable[Finding]:
    """Claims against their evidence, figures and references wherever they stand, praise nobody can show."""
    for at, span in enumerate(draft.spans):
        judgement = judge(draft, at)
        for code, message, severity in judgement.reasons:
            fix = "Point the sentence to evidence that says so, say only what the evidence says, or take it out."
            yield finding_at(NAME, code, severity, (message, fix), span, draft)
    yield from _subject(draft)
    said = " ".join(item.text for item in draft.content.evidence if item.kind in _OURS).lower()
    for finding in search(NAME, draft, (_PRAISE,), draft.own_parts):
        if finding.span and _words(draft, finding.span).lower() not in said:
            yield finding


def judge(draft: CheckedDraft, sentence: int) -> Judgement:
    """How well one sentence is supported, and every reason against it; what is no claim is asked for figures only."""
    own = draft.own_words(sentence)
    claim = draft.content.sentences[sentence]
    if claim.type is not SentenceType.CLAIM:
        return _judge_other(own, draft)
    evidence = draft.evidence_of(sentence)
    if not claim.evidence_ids:
        return _unsupported("claim_without_evidence", "The sentence claims something and points to nothing.")
    unknown = sorted(set(claim.evidence_ids) - {item.id for item in evidence})
    if unknown:
        return _unsupported("evidence_unknown", f"The sentence points to {', '.join(unknown)}, which does not exist.")
    reasons = (
        *_figures_missing(own, evidence),
        *_references(own, draft),
        *_names_missing(own, draft, evidence),
        *_overlap(claim.text, evidence),
        *_strangers_speak_for_us(own, evidence),
    )
    if any(severity is Severity.BLOCK for _, _, severity in reasons):
        return Judgement(Support.UNSUPPORTED, reasons)
    return Judgement(Support.WEAK if reasons else Support.SUPPORTED, reasons)


def _judge_other(text: str, draft: CheckedDraft) -> Judgement:
    """A question or a request can carry a claim too: its measures must stand in some evidence."""
    missing = _measures_missing(text, draft.content.evidence)
    reasons = (*((_figure_reason(missing[0]),) if missing else ()), *_references(text, draft))
    return Judgement(Support.UNSUPPORTED if reasons else Support.SUPPORTED, reasons)


def _subject(draft: CheckedDraft) -> Iterator[Finding]:
    for figure in _measures_missing(draft.content.subject, draft.content.evidence):
        code, message, severity = _figure_reason(figure)
        span = Span(SUBJECT, figure.start, figure.end)
        yield finding_at(NAME, code, severity, (message, "Take the figure out of the subject."), span, draft)


def _figures_missing(text: str, evidence: Iterable[Evidence]) -> Iterator[tuple[str, str, Severity]]:
    known = number_forms(" \n ".join(item.text for item in evidence))
    missing = [figure for figure in figures(text) if not figure.forms & known]
    if missing:
        yield _figure_reason(next((figure for figure in missing if not figure.may_be_a_date), missing[0]))


def _measures_missing(text: str, evidence: Iterable[Evidence]) -> list[Figure]:
    known = number_forms(" \n ".join(item.text for item in evidence))
    return [figure for figure in figures(text) if figure.is_measure and not figure.forms & known]


def _figure_reason(figure: Figure) -> tuple[str, str, Severity]:
    is_harmless = figure.may_be_a_date and not figure.is_measure
    return (
        "figure_not_in_evidence",
        "A figure of this sentence does not occur in its evidence.",
        Severity.WARN if is_harmless else Severity.BLOCK,
    )


def _references(text: str, draft: CheckedDraft) -> Iterator[tuple[str, str, Severity]]:
    match = _REFERENCE.search(text)
    if match is None:
        return
    papers = " ".join(item.text for item in draft.content.evidence if item.kind in _OURS).lower()
    dropped = [name for name in names("x " + text[match.start() :]) if name.lower() not in papers]
    if any(not _is_known(name, draft) for name in dropped):
        yield (
            "reference_not_in_evidence",
            "A customer is named whom no paper of ours names.",
            Severity.BLOCK,
        )


def _names_missing(text: str, draft: CheckedDraft, evidence: Iterable[Evidence]) -> Iterator[tuple[str, str, Severity]]:
    # German writes every noun with a capital: there a capital says nothing.
    if draft.voice.language.lower().startswith("de"):
        return
    said = " ".join(item.text for item in (*evidence, *draft.content.evidence)).lower()
    if any(name.lower() not in said and not _is_known(name, draft) for name in names(text)):
        yield "name_not_in_evidence", "A name of this sentence does not occur in the evidence.", Severity.WARN


def _is_known(name: str, draft: CheckedDraft) -> bool:
    """The seller, the seller's company, the recipient's name as the address spells it."""
    voice = draft.voice
    known = f"{voice.seller_name} {voice.company} {voice.name} {draft.recipient} {' '.join(voice.phrases)}".lower()
    return all(word in known for word in name.lower().removesuffix("'s").split() if word not in _LINKING_WORDS)


def _overlap(text: str, evidence: Iterable[Evidence]) -> Iterator[tuple[str, str, Severity]]:
    claimed = telling_words(text)
    shared = claimed & telling_words(" ".join(f"{item.text} {item.locator} {item.id}" for item in evidence))
    if claimed and not shared:
        yield "evidence_elsewhere", "The evidence speaks of something else than the sentence.", Severity.WARN


def _strangers_speak_for_us(text: str, evidence: Iterable[Evidence]) -> Iterator[tuple[str, str, Severity]]:
    if _ABOUT_US.search(text) and not any(item.kind in _OURS for item in evidence):
        yield "strangers_speak_for_us", "A claim about us stands on the words of others.", Severity.WARN


def _unsupported(code: str, message: str) -> Judgement:
    return Judgement(Support.UNSUPPORTED, ((code, message, Severity.BLOCK),))


def _words(draft: CheckedDraft, span: Span) -> str:
    return dict(draft.parts())[span.part][span.start : span.end]
