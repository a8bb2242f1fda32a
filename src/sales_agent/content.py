"""The shape of a draft's words: sentences, the evidence each stands on, findings about them.

Agents write these, safety judges them, drafting stores them. None of the three knows the others, so the words live
below all.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class SentenceType(StrEnum):
    """What a sentence does. A claim and a commitment must stand on evidence."""

    GREETING = "greeting"
    CLAIM = "claim"
    COMMITMENT = "commitment"
    QUESTION = "question"
    CALL_TO_ACTION = "call_to_action"
    SIGN_OFF = "sign_off"


class EvidenceKind(StrEnum):
    """Where a piece of evidence lies."""

    FORM_FIELD = "form_field"
    MESSAGE = "message"
    FILE = "file"
    SLOT = "slot"
    CRM_PROPERTY = "crm_property"
    VOICE = "voice"


class CallToAction(StrEnum):
    """The one thing an e-mail asks for."""

    MEETING = "meeting"
    DISCOVERY = "discovery"
    DEMO = "demo"
    PROPOSAL = "proposal"
    ANSWER = "answer"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact a sentence may stand on.

    `id` is short and unique within one draft (`form.company`, `msg.2`, `file.1`, `slot.1`, `crm.jobtitle`);
    `locator` finds it again (field name, message id, file id, ISO start, property name); `text` is the fact as seen.
    """

    id: str
    kind: EvidenceKind
    locator: str
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the body with the ids of the evidence it stands on. `paragraph` counts from 0."""

    type: SentenceType
    text: str
    evidence_ids: tuple[str, ...] = ()
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class DraftContent:
    """Everything that is said: subject, sentences in order, the evidence they point to.

    `omissions` are notes to the operator on what could not be found out (never part of the mail).
    """

    subject: str
    sentences: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...]
    call_to_action: CallToAction
    omissions: tuple[str, ...] = ()
    asset_id: str | None = None

    def body(self) -> str:
        """The plain text of the mail: greeting and sign-off in paragraphs of their own, as numbered."""
        paragraphs: dict[int, list[str]] = {}
        for sentence in self.sentences:
            paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
        return "\n\n".join(" ".join(texts) for _, texts in sorted(paragraphs.items()))


class Severity(StrEnum):
    """How much a finding weighs: a note informs, a warning needs a person, a block stops the draft."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a finding lies: characters [start, end) of the subject or the body."""

    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a safety check found, and what to do about it. `check` is the name of the check in the table."""

    check: str
    code: str
    severity: Severity
    message: str
    fix: str
    span: Span | None = None
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """How the seller writes. Everything here visibly changes the text."""

    name: str
    seller_name: str
    seller_email: str
    company: str
    greeting: str = "Hi {first_name},"
    greeting_without_name: str = "Hello,"
    sign_off: str = "Best regards,\n{seller_name}"
    formality: str = "friendly"
    max_sentences: int = 8
    phrases: tuple[str, ...] = ()
    never_say: tuple[str, ...] = field(default_factory=tuple)
    language: str = "en"
