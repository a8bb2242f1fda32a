"""What binds the seller is said only where the house's own papers say it, and some topics always go to a person."""

from collections.abc import Iterable, Iterator

from sales_agent.content import EvidenceKind, Finding, SentenceType, Severity
from sales_agent.safety.findings import CheckedDraft, finding_at
from sales_agent.safety.wording import search
from sales_agent.safety.words.promises import NEEDS_PAPERS, PROMISES
from sales_agent.safety.words.topics import PERCENTAGE, THEIR_PERCENTAGE, TOPICS

NAME = "commitments"

# What may bind the seller. A lead's own words bind nobody: "as promised, half price" is easily written.
BINDING_KINDS = frozenset({EvidenceKind.FILE, EvidenceKind.VOICE, EvidenceKind.SLOT})
# What the lead wrote shows what the answer will be about.
_LEADS_WORDS = frozenset({EvidenceKind.FORM_FIELD, EvidenceKind.MESSAGE})

UNREAD_MAIL = Finding(
    NAME,
    "escalate_unread_mail",
    Severity.WARN,
    "The mails with this person could not be read, and they may have asked for what only a person answers.",
    "Look into the mailbox, then decide.",
)


def check_commitments(draft: CheckedDraft) -> Iterable[Finding]:
    """Promises without papers block; topics that a person must see warn, whether the mail or the lead raises them."""
    yield from _without_papers(draft)
    for finding in search(NAME, draft, PROMISES, draft.own_parts):
        if finding.sentence is None or not _is_bound(draft, finding.sentence):
            yield finding
    yield from search(NAME, draft, (*TOPICS, PERCENTAGE), draft.own_parts)
    yield from _raised_by_the_lead(draft)
    if draft.is_mail_unread:
        yield UNREAD_MAIL


def _without_papers(draft: CheckedDraft) -> Iterator[Finding]:
    for at, span in enumerate(draft.spans):
        if draft.content.sentences[at].type is SentenceType.COMMITMENT and not _is_bound(draft, at):
            words = ("The sentence promises something that nothing of ours says.", NEEDS_PAPERS)
            yield finding_at(NAME, "commitment_without_evidence", Severity.BLOCK, words, span, draft)


def _is_bound(draft: CheckedDraft, sentence: int) -> bool:
    return any(item.kind in BINDING_KINDS for item in draft.evidence_of(sentence))


def _raised_by_the_lead(draft: CheckedDraft) -> Iterator[Finding]:
    written = {item.id: item.text for item in draft.content.evidence if item.kind in _LEADS_WORDS} | dict(
        draft.untrusted
    )
    whole = "\n".join(dict.fromkeys(written.values()))
    for topic in (*TOPICS, THEIR_PERCENTAGE):
        if topic.is_in(whole):
            source = next((name for name, text in written.items() if topic.is_in(text)), "what the lead wrote")
            yield Finding(NAME, topic.code, topic.severity, f"In {source}: {topic.message}", topic.fix)
