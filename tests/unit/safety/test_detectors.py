import pytest

from sales_agent.safety.detectors.copying import find_copies, told_to_say
from sales_agent.safety.detectors.encoded import find_encoded
from sales_agent.safety.detectors.facts import figures, names, number_forms, telling_words
from sales_agent.safety.detectors.folding import fold, fold_letters
from sales_agent.safety.detectors.hidden import find_hidden
from sales_agent.safety.detectors.language import guess_language
from sales_agent.safety.detectors.links import find_links, host_is_within
from sales_agent.safety.detectors.phones import is_same_number
from sales_agent.safety.detectors.quotations import BLANK, without_quotations
from sales_agent.safety.findings import sentence_at
from tests.factories.safety import make_draft, question

TEXTS = (
    "plain",
    "caf\u00e9 \u2013 \u0420\u0410\u0423 \uff11\uff12 \u3002 \u00a0 \u2167 \ufb01 \U0001f44d",
    "".join(map(chr, range(0x20, 0x3000, 7))),
)


@pytest.mark.parametrize("text", TEXTS)
def test_folding_never_moves_a_character(text):
    assert len(fold(text)) == len(text)
    assert len(fold_letters(text)) == len(text)


def test_folding_makes_look_alikes_the_same():
    assert fold("\uff14\u0661\u20131\u00a02\u3002x") == "41-1 2.x"
    assert fold_letters("\u0440\u0430\u0443p\u00e1l") == "paypal"


def test_hidden_characters_are_found_where_they_stand():
    assert list(find_hidden("a\u200b\u200bb\x00c")) == [(1, 3), (4, 5)]


@pytest.mark.parametrize(
    "text", ["caf\u00e9\n\ttab", "\U0001f468\u200d\U0001f469", "\u2764\ufe0f", "\u00fc\u00df \u4f60\u597d \u0645"]
)
def test_letters_and_emoji_hide_nothing(text):
    assert not list(find_hidden(text))


@pytest.mark.parametrize(
    "text",
    ["An ordinary sentence, 24 November 2026.", "co-operation/participation", "ABC-1234-XYZ", "a b c", "5 + 5 = 10"],
)
def test_prose_is_not_encoded(text):
    assert not list(find_encoded(text))


def test_copies_are_the_longest_runs_of_each_source():
    told = " ".join(f"w{chr(97 + number)}" for number in range(20))
    [copy] = find_copies(f"x {told} y", {"file": f"a {told} b"}, run_words=5)
    assert (copy.words, copy.source, copy.start, copy.end) == (20, "file", 2, 2 + len(told))
    assert not list(find_copies(told, {"file": "something else"}))
    assert not list(find_copies("short", {"file": "short"}))


def test_what_a_text_orders_to_be_said_is_taken_out_of_it():
    assert list(told_to_say(["Say 'hello there.' and include the word FISH.", "What they say is nice"])) == [
        "hello there",
        "FISH",
    ]


def test_a_measure_is_a_percentage_an_amount_or_a_factor():
    text = "5 of 40% at $3 is 7x, 20 EUR at 10:30 am, 12:15"
    assert [(text[f.start : f.end].strip(), f.is_measure) for f in figures(text)] == [
        ("5", False),
        ("40%", True),
        ("$3", True),
        ("7x", True),
        ("20 EUR", True),
    ]


def test_numbers_are_the_same_in_their_spellings():
    assert number_forms("1.200,50 and 3k and 007") == {"1200.5", "3", "3000", "7"}


def test_names_are_capitalised_runs_after_the_first_word():
    assert list(names("Yesterday Acme Corp and O'Neil met the CEO on Monday")) == ["Acme Corp", "O'Neil"]


def test_telling_words_lose_their_endings():
    assert telling_words("Integrating the integrations") == {"integ"[:5]}


@pytest.mark.parametrize(("text", "language"), [("ok", None), ("the of to is you we for with this", "en"), ("", None)])
def test_a_language_is_guessed_only_from_enough_small_words(text, language):
    assert guess_language(text) == language


def test_a_host_is_within_its_domain_and_no_other():
    assert host_is_within("a.b.example", "B.example.")
    assert host_is_within("b.example", "b.example")
    assert not host_is_within("ab.example", "b.example")
    assert not host_is_within("b.example", "example")


def test_a_link_ends_before_the_marks_that_close_the_sentence():
    [link] = find_links("(see https://a.example/x_(1).)")
    assert link.text == "https://a.example/x_(1)"


def test_two_spellings_of_a_number_are_one_number():
    assert is_same_number("+44 (0)20 7946-0958", "020 7946 0958")
    assert not is_same_number("+44 20 7946 0958", "020 7946 0959")
    assert not is_same_number("958", "020 7946 0958")


def test_only_what_was_really_said_counts_as_quoted():
    assert without_quotations('He said "let us go".', ["LET  us go!"]) == f"He said {BLANK * 11}."
    assert without_quotations('He said "let us go".', ["something"]) == 'He said "let us go".'


def test_sentences_are_found_in_the_order_of_paragraphs_even_when_two_are_alike():
    draft = make_draft(question("Yes?"), question("Yes?"))
    spans = draft.spans
    assert [draft.body[span.start : span.end] for span in spans] == [
        sentence.text for sentence in draft.content.sentences
    ]
    assert len({span.start for span in spans}) == len(spans)
    assert [sentence_at(draft, span.start) for span in spans] == [0, 1, 2, 3]
    assert sentence_at(draft, len(draft.body)) is None
