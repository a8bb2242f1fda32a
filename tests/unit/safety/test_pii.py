import pytest

from sales_agent.content import Severity
from sales_agent.safety.checks.pii import check_pii
from sales_agent.safety.detectors.personal_data import find_personal_data
from tests.factories.safety import RECIPIENT, SELLER, codes, found_words, load, make_draft, make_voice, with_body

# Keys in the fixture are split by this mark, so that no scanner takes them for leaked ones.
SPLIT = "~~"


def labelled(group: str) -> list[tuple[str, list[str]]]:
    rows = load("pii.json")[group]
    return [(row["text"].replace(SPLIT, ""), row["kinds"]) for row in rows]


def test_the_labelled_set_holds_hundreds_of_clear_cases_and_near_misses():
    assert len(labelled("personal")) >= 120
    assert len(labelled("harmless")) >= 120
    assert {kind for _, kinds in labelled("personal") for kind in kinds} == {
        *("ssn", "itin", "iban", "payment_card", "phone_number", "email_address", "credential"),
    }


def test_at_least_95_of_100_pieces_of_personal_data_are_found():
    rows = labelled("personal")
    missed = [text for text, kinds in rows if not set(kinds) <= {found.kind for found in find_personal_data(text)}]
    assert 1 - len(missed) / len(rows) >= 0.95, missed


def test_at_most_5_of_100_harmless_texts_raise_a_false_alarm():
    rows = labelled("harmless")
    alarms = [text for text, _ in rows if find_personal_data(text)]
    assert len(alarms) / len(rows) <= 0.05, alarms


@pytest.mark.parametrize("kind", ["ssn", "itin", "iban", "payment_card", "phone_number", "email_address", "credential"])
def test_no_single_kind_is_found_less_than_9_times_of_10(kind):
    rows = [text for text, kinds in labelled("personal") if kind in kinds]
    found = [text for text in rows if kind in {found.kind for found in find_personal_data(text)}]
    assert len(found) / len(rows) >= 0.9, set(rows) - set(found)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Pay to DE89 3704 0044 0532 0130 00 and call us.", "DE89 3704 0044 0532 0130 00"),
        ("Her number is (415) 555-2671, I think.", "(415) 555-2671"),
        ("the SSN 536-22-8741.", "536-22-8741"),
        ("ask anna@third.example, please", "anna@third.example"),
    ],
)
def test_the_span_holds_the_number_and_nothing_else(text, written):
    [found] = find_personal_data(text)
    assert text[found.start : found.end] == written


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("Her social security number is 536-22-8741.", "ssn", Severity.BLOCK),
        ("Please pay to DE89 3704 0044 0532 0130 00.", "iban", Severity.BLOCK),
        ("The card is 4111 1111 1111 1111.", "payment_card", Severity.BLOCK),
        ("Write to max@third.example instead.", "email_address", Severity.BLOCK),
        ("Our colleague lee@northwind.example knows more.", "email_address", Severity.WARN),
        ("Your colleague kim@brightfab.example asked too.", "email_address", Severity.WARN),
        ("Call her on +44 20 7946 0958.", "phone_number", Severity.WARN),
        ("The password is hunter2!", "credential", Severity.BLOCK),
    ],
)
def test_each_kind_weighs_what_it_can_do(text, code, severity):
    [finding] = check_pii(with_body(text))
    assert (finding.code, finding.severity) == (code, severity)


def test_a_finding_points_to_its_sentence_and_never_repeats_the_number():
    draft = with_body("The card is 4111 1111 1111 1111.")
    [finding] = check_pii(draft)
    assert found_words(draft, finding) == "4111 1111 1111 1111"
    assert finding.sentence == 1
    assert "4111" not in finding.message + finding.fix


def test_personal_data_in_the_subject_is_found_too():
    [finding] = check_pii(make_draft(subject="SSN 536-22-8741"))
    assert finding.span.part == "subject"
    assert finding.sentence is None


def test_the_two_who_write_to_each_other_may_be_named():
    assert not list(check_pii(with_body(f"I write to {RECIPIENT} from {SELLER.upper()}.")))


def test_the_sellers_own_number_may_stand_in_the_mail_in_any_spelling():
    draft = with_body("You reach me on 020 7946 0958.", seller_phones=("+44 (0)20 7946-0958",))
    assert not list(check_pii(draft))


def test_a_number_in_the_voices_sign_off_is_the_sellers():
    voice = make_voice(sign_off="Best,\n{seller_name}\n+44 20 7946 0958")
    assert not list(check_pii(with_body("Call me: 020 7946 0958", voice=voice)))
    assert codes(check_pii(with_body("Call me: 020 7946 0957", voice=voice))) == {"phone_number"}
