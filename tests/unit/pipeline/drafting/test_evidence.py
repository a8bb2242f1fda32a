"""What the person who approves is shown about the ground a sentence stands on."""

import pytest

from sales_agent.content import CallToAction, DraftContent, Evidence, EvidenceKind, Sentence, SentenceType
from sales_agent.pipeline.drafting.evidence import Support, locate, resolved, support_of

WISH = Evidence("form.message", EvidenceKind.FORM_FIELD, "message", "We need prices for 40 users of the planning tool.")
SLOT = Evidence("slot.1", EvidenceKind.SLOT, "2026-11-24T10:00:00+01:00", "Tuesday, 24 November, 10:00")


def claim(text: str, *ids: str) -> Sentence:
    return Sentence(SentenceType.CLAIM, text, ids)


@pytest.mark.parametrize(
    ("sentence", "support"),
    [
        (claim("You need prices of the planning tool.", "form.message"), Support.SUPPORTED),
        (claim("You plan for 40 users of the tool.", "form.message"), Support.SUPPORTED),
        (claim("You plan for 90 users of the tool.", "form.message"), Support.WEAK),
        (claim("Our warehouse in Lisbon ships overnight.", "form.message"), Support.WEAK),
        (claim("You need prices of the planning tool.", "form.message", "crm.gone"), Support.WEAK),
        (claim("You need prices of the planning tool.", "crm.gone"), Support.UNSUPPORTED),
        (claim("You need prices of the planning tool."), Support.UNSUPPORTED),
        (Sentence(SentenceType.COMMITMENT, "I will send prices."), Support.UNSUPPORTED),
        (Sentence(SentenceType.GREETING, "Hi Ada,"), Support.NOT_APPLICABLE),
        (Sentence(SentenceType.QUESTION, "When would it suit you?"), Support.NOT_APPLICABLE),
        (Sentence(SentenceType.CALL_TO_ACTION, "Would this suit you?", ("slot.1",)), Support.SUPPORTED),
        (Sentence(SentenceType.CALL_TO_ACTION, "Would this suit you?", ("slot.9",)), Support.UNSUPPORTED),
    ],
)
def test_how_a_sentence_is_supported(sentence: Sentence, support: Support):
    assert support_of(sentence, (WISH, SLOT)) is support


@pytest.mark.parametrize("kind", list(EvidenceKind))
def test_every_kind_of_evidence_has_a_place_in_words(kind: EvidenceKind):
    assert "x-1" in locate(Evidence("e.1", kind, "x-1", "text"))


def test_a_slot_is_located_by_day_and_time():
    assert locate(SLOT) == "free time on Tue 24 Nov 2026, 10:00 +0100"


def test_sentences_are_resolved_in_order_with_only_the_evidence_they_name():
    sentences = (Sentence(SentenceType.GREETING, "Hi Ada,"), claim("You need prices.", "form.message"))
    content = DraftContent("Prices", sentences, (WISH, SLOT), CallToAction.ANSWER)

    greeting, wish = resolved(content)

    assert (greeting.number, greeting.support, greeting.evidence) == (0, Support.NOT_APPLICABLE, ())
    assert [item.where for item in wish.evidence] == ["form field message"]
