"""What an edit makes of a draft's words: evidence only where a fact still says so, and nothing that is no word."""

from dataclasses import replace

import pytest

from sales_agent.content import CallToAction, Evidence, EvidenceKind, SentenceType
from sales_agent.pipeline.drafting.edited_content import (
    Edit,
    EvidenceUnknown,
    NothingToEdit,
    SubjectBelongsToThread,
    TypedSentence,
    edited_content,
)
from sales_agent.pipeline.drafting.evidence import Support, slots_told, support_of
from sales_agent.pipeline.drafting.personal_text import TextTooLong
from tests.factories.drafting import CONTENT

COMPANY = Evidence("form.company", EvidenceKind.FORM_FIELD, "company", "Fabrikam Robotics")
FACTS = (COMPANY, *CONTENT.evidence)


def edited(wish: Edit, before=CONTENT, **changes: object):
    return edited_content(before, wish, FACTS, **{"is_reply": False, "asset_link": "", **changes})


def told(text: str, wish: str):
    """The sentence that stands where `text` stood after it was typed over with `wish`."""
    content = edited(Edit(body=CONTENT.body().replace(text, wish)))
    sentence = next(sentence for sentence in content.sentences if sentence.text == wish)
    return sentence, support_of(sentence, content.evidence)


def test_untouched_words_are_the_same_words():
    assert edited(Edit(body=CONTENT.body())) == CONTENT


def test_another_subject_leaves_every_sentence_alone():
    assert edited(Edit(subject=" Prices for Fabrikam ")) == replace(CONTENT, subject="Prices for Fabrikam")


def test_a_claim_that_its_evidence_still_says_keeps_it():
    sentence, support = told("You asked for prices for 40 users.", "You asked about prices for 40 users.")

    assert (sentence.type, sentence.evidence_ids, support) == (
        SentenceType.CLAIM,
        ("form.message",),
        Support.SUPPORTED,
    )


def test_a_claim_with_a_figure_nobody_knows_stays_a_claim_and_is_unsupported():
    sentence, support = told("You asked for prices for 40 users.", "You asked for prices for 90 users.")

    assert (sentence.type, sentence.evidence_ids, support) == (SentenceType.CLAIM, (), Support.UNSUPPORTED)


def test_a_new_claim_finds_the_fact_that_says_so():
    content = edited(Edit(body=CONTENT.body().replace("Hi Ada,", "Hi Ada,\n\nYou build Fabrikam Robotics.")))

    assert content.sentences[1].evidence_ids == ("form.company",)
    assert COMPANY in content.evidence


def test_a_time_that_is_not_named_any_more_is_not_offered_any_more():
    naming = replace(
        CONTENT,
        sentences=tuple(
            replace(sentence, text="Would Tuesday, 24 November, 10:00 suit you?")
            if "slot.1" in sentence.evidence_ids
            else sentence
            for sentence in CONTENT.sentences
        ),
    )

    kept = edited(Edit(body=naming.body().replace("suit you", "be fine")), naming)
    gone = edited(Edit(body=naming.body().replace("Tuesday, 24 November, 10:00", "Friday at 9")), naming)

    assert [slot.id for slot in slots_told(kept)] == ["slot.1"]
    assert slots_told(gone) == ()


def test_without_a_call_to_action_the_draft_asks_for_nothing():
    body = CONTENT.body().replace(" Would Tuesday at 10:00 suit you?", "")

    assert edited(Edit(body=body)).call_to_action is CallToAction.NONE


def test_given_sentences_keep_what_is_left_out_and_may_name_evidence():
    wish = Edit(
        sentences=(
            TypedSentence("Hi Ada,"),
            TypedSentence("You asked for prices for 40 users.", 1),
            TypedSentence("Fabrikam Robotics is known to us.", 1, SentenceType.CLAIM, ("form.company",)),
            TypedSentence("Thank you!", 1, SentenceType.SIGN_OFF),
        )
    )

    assert [(sentence.type, sentence.evidence_ids) for sentence in edited(wish).sentences] == [
        (SentenceType.GREETING, ()),
        (SentenceType.CLAIM, ("form.message",)),
        (SentenceType.CLAIM, ("form.company",)),
        (SentenceType.SIGN_OFF, ()),
    ]


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Edit(), NothingToEdit),
        (Edit(body="Hi", sentences=(TypedSentence("Hi"),)), NothingToEdit),
        (Edit(sentences=(TypedSentence("Hi", evidence_ids=("made.up",)),)), EvidenceUnknown),
        (Edit(sentences=(TypedSentence("Hi"),) * 201), TextTooLong),
    ],
)
def test_what_cannot_be_made_of_words_is_refused(wish: Edit, error: type[Exception]):
    with pytest.raises(error):
        edited(wish)


def test_the_subject_of_a_reply_belongs_to_its_thread():
    assert edited(Edit(subject=CONTENT.subject), is_reply=True) == CONTENT
    with pytest.raises(SubjectBelongsToThread):
        edited(Edit(subject="Something else"), is_reply=True)
