"""A body that a person changed, taken apart again: nothing is lost, what was left alone stays itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_agent.content import CallToAction, DraftContent, Sentence, SentenceType
from sales_agent.pipeline.drafting.personal_text import (
    TextMissing,
    TextTooLong,
    TextUnusable,
    usable,
    usable_body,
    usable_line,
)
from sales_agent.pipeline.drafting.realign import realigned

BEFORE = (
    Sentence(SentenceType.GREETING, "Hi Ada,"),
    Sentence(SentenceType.CLAIM, "You asked for prices for 40 users.", ("form.message",), 1),
    Sentence(SentenceType.CALL_TO_ACTION, "Would one of these suit you?\n- Tue 10:00\n- Wed 11:00", ("slot.1",), 1),
    Sentence(SentenceType.SIGN_OFF, "Best regards,\nMara", (), 2),
)


def body_of(sentences: tuple[Sentence, ...]) -> str:
    return DraftContent("", sentences, (), CallToAction.NONE).body()


def test_an_untouched_body_gives_back_every_sentence_as_it_was():
    found = realigned(body_of(BEFORE), BEFORE)

    assert tuple(one.sentence for one in found) == BEFORE
    assert all(one.is_unchanged for one in found)


def test_a_changed_sentence_keeps_its_type_and_is_known_as_changed():
    body = body_of(BEFORE).replace("for 40 users", "for 50 users")

    changed = [one for one in realigned(body, BEFORE) if not one.is_unchanged]

    assert [(one.sentence.text, one.sentence.type, one.before) for one in changed] == [
        ("You asked for prices for 50 users.", SentenceType.CLAIM, BEFORE[1])
    ]


def test_new_sentences_are_claims_unless_they_ask():
    body = body_of(BEFORE).replace("Would one", "It is cheap. Is that fine? Would one")

    new = [one.sentence for one in realigned(body, BEFORE) if one.before is None]

    assert [(sentence.text, sentence.type) for sentence in new] == [
        ("It is cheap.", SentenceType.CLAIM),
        ("Is that fine?", SentenceType.QUESTION),
    ]


def test_a_sentence_that_moved_to_another_paragraph_is_the_same_sentence():
    body = "Hi Ada,\n\nBest regards,\nMara\n\nYou asked for prices for 40 users."

    found = realigned(body, BEFORE)

    assert [(one.sentence.type, one.sentence.paragraph, one.is_unchanged) for one in found] == [
        (SentenceType.GREETING, 0, True),
        (SentenceType.SIGN_OFF, 1, True),
        (SentenceType.CLAIM, 2, True),
    ]


PIECES = st.sampled_from(
    [*(sentence.text for sentence in BEFORE), " ", "  ", "\n", "\n\n", "\n\n\n", "\t", "a.", "B c", "d?"]
)
TYPED = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)


@given(TYPED)
def test_the_sentences_say_exactly_the_text_again(typed: str):
    try:
        body = usable_body(typed)
    except (TextUnusable, TextMissing):
        return

    found = realigned(body, BEFORE)

    assert body_of(tuple(one.sentence for one in found)) == body
    assert all(one.sentence.text for one in found)
    assert usable_body(body) == body


@pytest.mark.parametrize("character", ["\x00", "\ud800", "\x1b", "\x85", "\u2028"])
def test_characters_that_no_mail_carries_are_refused(character: str):
    with pytest.raises(TextUnusable):
        usable(f"Hi{character}Ada", "body", 100)


def test_a_subject_is_one_line():
    with pytest.raises(TextUnusable):
        usable_line("Prices\r\nBcc: eve@evil.example", "subject", 100)


def test_text_without_end_and_no_text_are_refused():
    with pytest.raises(TextTooLong):
        usable_body("a" * 20_001)
    with pytest.raises(TextMissing):
        usable_body(" \r\n\t ")
