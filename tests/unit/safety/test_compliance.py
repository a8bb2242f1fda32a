import pytest

from sales_agent.content import CallToAction, DraftContent, Sentence, SentenceType, Severity
from sales_agent.safety.checks.compliance import check_compliance
from sales_agent.safety.findings import CheckedDraft
from tests.factories.safety import RECIPIENT, SELLER, VOICE, codes, make_draft, make_voice, question, with_body


def bare(*sentences, **changes):
    content = DraftContent("Your question", sentences, (), CallToAction.ANSWER)
    return CheckedDraft(content=content, voice=changes.pop("voice", VOICE), recipient=RECIPIENT, **changes)


def found(draft):
    return {finding.code: finding.severity for finding in check_compliance(draft)}


def test_a_plain_mail_has_everything_it_needs():
    assert found(make_draft(question("Does that help?"))) == {}


def test_whoever_opted_out_is_not_written_to():
    assert found(make_draft(recipient_opted_out=True)) == {"opted_out": Severity.BLOCK}


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "jo",
        "jo@",
        "@brightfab.example",
        "jo@brightfab",
        "jo@brightfab.example, thief@evil.example",
        "jo@brightfab.example\r\nBcc: thief@evil.example",
        "jo@brightfab.example\n",
        "Jo <jo@brightfab.example>",
        "jo @brightfab.example",
        "jo@bright@fab.example",
    ],
)
def test_anything_but_one_plain_address_is_no_recipient(recipient):
    assert found(make_draft(recipient=recipient))["recipient_malformed"] is Severity.BLOCK


def test_nobody_writes_to_himself():
    assert found(make_draft(recipient=SELLER.upper())) == {"recipient_is_seller": Severity.BLOCK}


@pytest.mark.parametrize(
    ("subject", "code", "severity"),
    [
        ("", "subject_missing", Severity.BLOCK),
        (" ", "subject_missing", Severity.BLOCK),
        ("Re: your question", "subject_fakes_reply", Severity.BLOCK),
        ("RE : your question", "subject_fakes_reply", Severity.BLOCK),
        ("Fwd: your question", "subject_fakes_reply", Severity.BLOCK),
        ("AW: Ihre Frage", "subject_fakes_reply", Severity.BLOCK),
        ("Re[2]: your question", "subject_fakes_reply", Severity.BLOCK),
        ("As discussed: the ERP", "deceptive_subject", Severity.BLOCK),
        ("Your invoice for May", "deceptive_subject", Severity.BLOCK),
        ("Action required", "deceptive_subject", Severity.BLOCK),
        ("Final notice", "deceptive_subject", Severity.BLOCK),
        ("Congratulations", "deceptive_subject", Severity.BLOCK),
        ("x" * 79, "subject_long", Severity.NOTE),
        ("x" * 201, "subject_long", Severity.BLOCK),
        ("YOUR QUESTION ABOUT OURS", "subject_shouts", Severity.WARN),
        ("Your question!!", "subject_shouts", Severity.WARN),
        ("New! For you!", "subject_shouts", Severity.WARN),
    ],
)
def test_a_subject_that_misleads_is_found(subject, code, severity):
    assert found(make_draft(subject=subject)) == {code: severity}


@pytest.mark.parametrize(
    "subject",
    [
        "Your question about SAP and GDPR",
        "Your demo with Brightfab",
        "SAP ERP",
        "Ready: your guide",
        "Response times",
        "Award!",
    ],
)
def test_an_honest_subject_passes(subject):
    assert found(make_draft(subject=subject)) == {}


def test_a_reply_may_look_like_one_and_speak_of_what_was_discussed():
    assert found(make_draft(subject="Re: As discussed", is_reply=True)) == {}


def test_a_mail_without_greeting_sign_off_and_sender_is_found():
    assert found(bare(question("Does that help?"))) == {
        "greeting_missing": Severity.WARN,
        "sign_off_missing": Severity.WARN,
        "sender_unnamed": Severity.BLOCK,
    }


def test_a_mail_without_text_is_blocked():
    assert found(bare()) == {"body_missing": Severity.BLOCK}


def test_a_voice_without_a_name_cannot_write():
    assert found(make_draft(voice=make_voice(seller_name=""))) == {"sender_unnamed": Severity.BLOCK}


def test_the_sellers_name_must_stand_there_whole():
    assert "sender_unnamed" in found(make_draft(voice=make_voice(seller_name="Dana Rey")))


@pytest.mark.parametrize(
    ("length", "expected"),
    [(1900, {}), (2100, {"body_long": Severity.WARN}), (6100, {"body_long": Severity.BLOCK})],
)
def test_a_mail_longer_than_a_screen_is_found(length, expected):
    assert found(with_body("word " * (length // 5 - 8))) == expected


def test_more_sentences_than_the_voice_writes_are_noted():
    said = [question(f"Is it number {number}?") for number in range(9)]
    assert found(make_draft(*said)) == {"too_many_sentences": Severity.NOTE}
    assert found(make_draft(*said[:8])) == {}


def test_a_mail_in_capitals_shouts():
    assert found(with_body("PLEASE LOOK AT THIS MAIL AND TELL ME WHAT YOU THINK")) == {"body_shouts": Severity.WARN}


@pytest.mark.parametrize(
    ("slots", "call", "expected"),
    [
        (0, CallToAction.ANSWER, {}),
        (1, CallToAction.MEETING, {"few_slots"}),
        (2, CallToAction.MEETING, set()),
        (3, CallToAction.MEETING, set()),
        (4, CallToAction.MEETING, {"too_many_slots"}),
        (4, CallToAction.ANSWER, {"too_many_slots"}),
    ],
)
def test_two_or_three_times_are_offered_for_a_meeting(slots, call, expected):
    assert codes(check_compliance(make_draft(slots=slots, call_to_action=call))) == set(expected)


def test_the_greeting_alone_is_no_sign_off():
    greeting = Sentence(SentenceType.GREETING, "Hi Jo, Dana Reyes here.")
    assert found(bare(greeting)) == {"sign_off_missing": Severity.WARN}
