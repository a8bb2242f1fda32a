"""Words survive the database, and their digest names exactly them."""

from sales_agent.content import (
    CallToAction,
    DraftContent,
    Evidence,
    EvidenceKind,
    Finding,
    Sentence,
    SentenceType,
    Severity,
    Span,
)
from sales_agent.pipeline.drafting.documents import (
    body_hash,
    content_document,
    content_of,
    findings_document,
    findings_of,
)


def test_content_comes_back_as_it_went():
    content = DraftContent(
        "Prices",
        (Sentence(SentenceType.CLAIM, "You asked.", ("form.message",), 1),),
        (Evidence("form.message", EvidenceKind.FORM_FIELD, "message", "Prices?"),),
        CallToAction.ANSWER,
        omissions=("no calendar",),
        asset_id="f-1",
    )

    assert content_of(content_document(content)) == content


def test_findings_come_back_as_they_went():
    findings = (
        Finding("pii", "phone", Severity.WARN, "A number.", "Remove it.", Span("body", 3, 9), 1),
        Finding("links", "none", Severity.NOTE, "No link.", "Nothing to do."),
    )

    assert findings_of(findings_document(findings)) == findings


def test_the_digest_changes_with_every_word_and_with_the_border_between_subject_and_body():
    digests = {
        body_hash("a", "bc"),
        body_hash("ab", "c"),
        body_hash("", "abc"),
        body_hash("a", "bc "),
        body_hash("a", "Bc"),
    }

    assert len(digests) == 5


def test_line_ends_that_mail_changes_on_its_way_do_not_change_the_digest():
    assert body_hash("s", "a\r\nb") == body_hash("s", "a\nb") == body_hash("s", "a\rb")
