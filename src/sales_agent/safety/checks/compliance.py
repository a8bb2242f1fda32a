"""What mail must have by law and custom: an honest subject, a named sender, a reader who may be written to."""

import re
from collections.abc import Iterable, Iterator

from sales_agent.content import CallToAction, Finding, SentenceType, Severity, Span
from sales_agent.safety.findings import BODY, SUBJECT, CheckedDraft
from sales_agent.safety.wording import exactly, phrases

NAME = "compliance"

# Beyond this most programs cut the subject off; beyond the second it is no subject any more.
_LONG_SUBJECT, _ENDLESS_SUBJECT = 78, 200
# A screen of text; three of them are a document, not an answer.
_LONG_BODY, _ENDLESS_BODY = 2000, 6000
# Fewer than two times give no choice, more than three are a chore.
_MIN_SLOTS, _MAX_SLOTS = 2, 3
# Short words in capitals are names: API, SAP, GDPR.
_SHOUTING_LETTERS = 12

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;:\"()\\]+\.[^\s@<>,;:\"()\\.]+")
_REPLY_PREFIX = re.compile(r"\s*(?:re|aw|fwd?|wg|antw|sv|tr|rv)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_DECEPTIVE = phrases(
    "deceptive_subject",
    Severity.BLOCK,
    "The subject claims something that is not so.",
    "Say what the mail is about.",
    r"""
    as (discussed|agreed|promised|per our (call|conversation|agreement)) | following our (call|conversation|meeting)
    your (invoice|payment|refund|parcel|delivery|receipt) | invoice (attached|due|\W?\d+)
    action required | immediate action | security alert | you('ve| have) (won|been selected) | confirm your
    (final|last|second|urgent) (notice|reminder|warning) | congratulations | wie besprochen | ihre rechnung | mahnung
    """,
)
_SHOUT = re.compile(r"[!?]{2,}|(?:!.*){2,}")

_Words = tuple[str, str]


def check_compliance(draft: CheckedDraft) -> Iterable[Finding]:
    """Recipient, subject, greeting and sign-off, length, and the number of times offered."""
    yield from _recipient(draft)
    yield from _subject(draft)
    yield from _frame(draft)
    yield from _length(draft)
    yield from _slots(draft)


def _recipient(draft: CheckedDraft) -> Iterator[Finding]:
    if draft.recipient_opted_out:
        yield _finding(
            "opted_out", Severity.BLOCK, ("The recipient wants no mail from us.", "Do not write; an opt-out is final.")
        )
    if not _ADDRESS.fullmatch(draft.recipient):
        words = ("The recipient is not one plain e-mail address.", "Correct the address of the contact.")
        yield _finding("recipient_malformed", Severity.BLOCK, words)
    elif draft.recipient.lower() == draft.voice.seller_email.lower():
        yield _finding(
            "recipient_is_seller", Severity.BLOCK, ("The mail would go to the seller.", "Choose the contact.")
        )


def _subject(draft: CheckedDraft) -> Iterator[Finding]:
    subject = draft.content.subject
    whole = Span(SUBJECT, 0, len(subject))
    if not subject.strip():
        yield _finding("subject_missing", Severity.BLOCK, ("There is no subject.", "Write one."), whole)
        return
    prefix = _REPLY_PREFIX.match(subject)
    if prefix and not draft.is_reply:
        words = ("The subject pretends to be a reply, and there is nothing it replies to.", "Remove the prefix.")
        yield _finding("subject_fakes_reply", Severity.BLOCK, words, Span(SUBJECT, 0, prefix.end()))
    # What was said before may be said again in the thread where it was said.
    for start, end in () if draft.is_reply else _DECEPTIVE.places(subject):
        span = Span(SUBJECT, start, end)
        yield _finding(_DECEPTIVE.code, _DECEPTIVE.severity, (_DECEPTIVE.message, _DECEPTIVE.fix), span)
    if len(subject) > _LONG_SUBJECT:
        severity = Severity.BLOCK if len(subject) > _ENDLESS_SUBJECT else Severity.NOTE
        words = (f"The subject has {len(subject)} characters; most readers see {_LONG_SUBJECT}.", "Shorten it.")
        yield _finding("subject_long", severity, words, whole)
    if _shouts(subject) or _SHOUT.search(subject):
        yield _finding("subject_shouts", Severity.WARN, ("The subject shouts.", "Write it in a normal voice."), whole)


def _frame(draft: CheckedDraft) -> Iterator[Finding]:
    types = [sentence.type for sentence in draft.content.sentences]
    if not draft.body.strip():
        yield _finding("body_missing", Severity.BLOCK, ("There is no text.", "Write the mail."))
        return
    if SentenceType.GREETING not in types:
        yield _finding(
            "greeting_missing", Severity.WARN, ("Nobody is greeted.", "Begin with the greeting of the voice.")
        )
    if SentenceType.SIGN_OFF not in types:
        words = ("The mail ends without a sign-off.", "End with the sign-off of the voice.")
        yield _finding("sign_off_missing", Severity.WARN, words)
    name = draft.voice.seller_name.strip()
    if not name or not exactly(name).search(draft.body):
        words = ("The mail does not say who writes it.", "Name the seller in the sign-off (SELLER_NAME or the voice).")
        yield _finding("sender_unnamed", Severity.BLOCK, words)


def _length(draft: CheckedDraft) -> Iterator[Finding]:
    length = len(draft.body)
    if length > _LONG_BODY:
        severity = Severity.BLOCK if length > _ENDLESS_BODY else Severity.WARN
        words = (f"The body has {length} characters, more than a screen.", "Keep what answers the request.")
        yield _finding("body_long", severity, words, Span(BODY, 0, length))
    frame = {SentenceType.GREETING, SentenceType.SIGN_OFF}
    said = sum(sentence.type not in frame for sentence in draft.content.sentences)
    if said > draft.voice.max_sentences:
        words = (
            f"The mail has {said} sentences, the voice writes at most {draft.voice.max_sentences}.",
            "Take out what is not needed.",
        )
        yield _finding("too_many_sentences", Severity.NOTE, words)
    if _shouts(draft.body):
        yield _finding("body_shouts", Severity.WARN, ("The body is in capitals.", "Write it in a normal voice."))


def _slots(draft: CheckedDraft) -> Iterator[Finding]:
    if draft.slots > _MAX_SLOTS:
        words = (f"{draft.slots} times are offered.", f"Offer {_MIN_SLOTS} or {_MAX_SLOTS}.")
        yield _finding("too_many_slots", Severity.WARN, words)
    elif draft.slots < _MIN_SLOTS and draft.content.call_to_action is CallToAction.MEETING:
        words = (
            "The mail asks for a meeting and offers no choice of times.",
            f"Offer {_MIN_SLOTS} or {_MAX_SLOTS} times if the calendar has them.",
        )
        yield _finding("few_slots", Severity.NOTE, words)


def _shouts(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= _SHOUTING_LETTERS and sum(char.isupper() for char in letters) > 0.7 * len(letters)


def _finding(code: str, severity: Severity, words: _Words, span: Span | None = None) -> Finding:
    return Finding(NAME, code, severity, *words, span)
