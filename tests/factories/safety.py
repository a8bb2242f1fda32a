"""Drafts to be judged: a plain good mail, and the same with whatever a test wants to be in it."""

import json
from dataclasses import replace
from pathlib import Path

from sales_agent.content import (
    CallToAction,
    DraftContent,
    Evidence,
    EvidenceKind,
    Finding,
    Sentence,
    SentenceType,
    Voice,
)
from sales_agent.safety.findings import BODY, CheckedDraft

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
RECIPIENT = "jo.meyer@brightfab.example"
SELLER = "dana@northwind.example"
ASSET_LINK = "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view?usp=sharing"
VOICE = Voice(name="default", seller_name="Dana Reyes", seller_email=SELLER, company="Northwind")

FORM = Evidence("form.message", EvidenceKind.FORM_FIELD, "message", "Can you connect to our ERP before the summer?")
COMPANY = Evidence("form.company", EvidenceKind.FORM_FIELD, "company", "Brightfab")
GUIDE = Evidence(
    "file.1", EvidenceKind.FILE, "f1", "Integration guide: SAP and Oracle, 40% less typing at Kestrel Foods"
)
SLOT = Evidence(
    "slot.1", EvidenceKind.SLOT, "2026-11-24T10:00:00+00:00", "Tuesday, 24 November 2026, 10:00 London time (UTC)"
)


def sentence(kind: SentenceType, text: str, *evidence: Evidence, paragraph: int = 1) -> Sentence:
    return Sentence(kind, text, tuple(item.id for item in evidence), paragraph)


def claim(text: str, *evidence: Evidence) -> Sentence:
    return sentence(SentenceType.CLAIM, text, *evidence)


def question(text: str, *evidence: Evidence) -> Sentence:
    return sentence(SentenceType.QUESTION, text, *evidence)


def commitment(text: str, *evidence: Evidence) -> Sentence:
    return sentence(SentenceType.COMMITMENT, text, *evidence)


def request(text: str, *evidence: Evidence) -> Sentence:
    return sentence(SentenceType.CALL_TO_ACTION, text, *evidence, paragraph=2)


def make_draft(*said: Sentence, subject: str = "Your question about the ERP", **changes: object) -> CheckedDraft:
    """Greeting, what is said, sign-off; the evidence is everything in `evidence`, by default all of the above."""
    evidence = changes.pop("evidence", (FORM, COMPANY, GUIDE, SLOT))
    call = changes.pop("call_to_action", CallToAction.ANSWER)
    sentences = (
        Sentence(SentenceType.GREETING, "Hi Jo,"),
        *said,
        Sentence(SentenceType.SIGN_OFF, "Best regards,\nDana Reyes", paragraph=9),
    )
    content = DraftContent(subject, sentences, evidence, call)  # pyright: ignore[reportArgumentType]
    values: dict[str, object] = {"voice": VOICE, "recipient": RECIPIENT, "asset_links": (ASSET_LINK,)}
    return CheckedDraft(content=content, **{**values, **changes})  # pyright: ignore[reportArgumentType]


def with_body(text: str, **changes: object) -> CheckedDraft:
    """A mail that says just this."""
    return make_draft(question(text), **changes)


def make_voice(**changes: object) -> Voice:
    return replace(VOICE, **changes)  # pyright: ignore[reportArgumentType]


def codes(findings: object) -> set[str]:
    return {finding.code for finding in findings}  # pyright: ignore[reportGeneralTypeIssues]


def found_words(draft: CheckedDraft, finding: Finding) -> str:
    """The characters a finding points to."""
    assert finding.span is not None
    text = draft.body if finding.span.part == BODY else draft.content.subject
    return text[finding.span.start : finding.span.end]


def load(name: str) -> object:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
