import pytest

from sales_agent.content import CallToAction, Evidence, EvidenceKind, Severity
from sales_agent.safety.checks.prohibited import check_prohibited
from tests.factories.safety import SLOT, claim, codes, found_words, make_draft, make_voice, request, with_body

BAD = [
    ("That was a stupid idea.", "offensive"),
    ("What the f\u0075uck.", "offensive"),
    ("Only an idiot would wait.", "offensive"),
    ("That is too hard at your age.", "discriminatory"),
    ("As you are a woman, you will like it.", "discriminatory"),
    ("It is easy for people of your age.", "discriminatory"),
    ("You people never answer.", "discriminatory"),
    ("We guarantee a good result.", "guarantee"),
    ("It is guaranteed ROI.", "guarantee"),
    ("It is entirely risk-free.", "guarantee"),
    ("There is no risk.", "guarantee"),
    ("It is 100% safe.", "guarantee"),
    ("Double your revenue in a year.", "guarantee"),
    ("Das ist garantiert richtig.", "guarantee"),
    ("Act now.", "pressure"),
    ("This is your last chance.", "pressure"),
    ("The offer expires tomorrow.", "pressure"),
    ("Only 3 spots left.", "pressure"),
    ("Don't miss out!", "pressure"),
    ("You must decide.", "pressure"),
    ("Your competitors are already there.", "pressure"),
    ("Nur noch heute!", "pressure"),
    ("In our legal opinion you win.", "advice"),
    ("You should sue them.", "advice"),
    ("You should buy shares of it.", "advice"),
    ("It cures depression.", "advice"),
    ("You are legally entitled to it.", "advice"),
    ("Their product is a scam.", "defamation"),
    ("Those are crooks.", "defamation"),
    ("Their tool is garbage.", "defamation"),
    ("They are going bankrupt.", "defamation"),
    ("We are better than the competition.", "defamation"),
    ("Please confirm your password.", "phishing"),
    ("Send us your bank details.", "phishing"),
    ("Reply with the verification code.", "phishing"),
    ("Pay us in bitcoin.", "phishing"),
    ("Your account has been suspended.", "phishing"),
    ("Please buy two gift cards.", "phishing"),
    ("We have new bank details.", "phishing"),
    ("Hello [name], welcome.", "placeholder"),
    ("Welcome to {company}.", "placeholder"),
    ("Welcome to {{ company }}.", "placeholder"),
    ("Welcome, <first name>.", "placeholder"),
    ("Dear <Name>", "placeholder"),
    ("Lorem ipsum dolor.", "placeholder"),
    ("TODO: write this.", "placeholder"),
    ("The date is TBD.", "placeholder"),
    ("Meet %NAME% there.", "placeholder"),
    ("Hello ${name}!", "placeholder"),
    ("Please insert your name here.", "placeholder"),
    ("The price is ____.", "placeholder"),
    ("We will see \u2014 soon.", "em_dash"),
    ("We will see -- soon.", "em_dash"),
    ("We will see \u2013 soon.", "em_dash"),
]
GOOD = [
    "You asked for an assistant that knows your ERP.",
    "The classification of Wankel engines is our hobby in Scunthorpe.",
    "It detects fraud in orders.",
    "Please pass my regards to Dick and to Mr Faggioli.",
    "It is a fire-retardant cover with a niggling fault.",
    "The files were corrupt when you opened them.",
    "A range of 10\u201320 people is usual, from 9-17 h.",
    "Your well-known, half-day workshop was good.",
    "As a machine builder you know that.",
    "You are now able to open it.",
    "Congratulations on your new role.",
    "I was told by Anna that you look for this.",
    "There is no commitment in a first call.",
    "Please look at your account in the portal.",
    "It works without restrictions in Berlin.",
]
SEVERE = {"pressure": Severity.WARN, "em_dash": Severity.WARN}


@pytest.mark.parametrize(("text", "code"), BAD)
def test_words_no_mail_may_hold_are_found(text, code):
    [finding] = [found for found in check_prohibited(with_body(text)) if found.code == code]
    assert finding.severity is SEVERE.get(code, Severity.BLOCK)
    assert finding.fix


@pytest.mark.parametrize("text", GOOD)
def test_everyday_words_pass(text):
    assert not list(check_prohibited(with_body(text)))


def test_saying_that_something_is_not_guaranteed_passes():
    assert not list(check_prohibited(with_body("We cannot guarantee that. It is not a guarantee.")))


def test_a_lead_may_be_quoted_with_a_guarantee_but_not_with_an_insult():
    asked = Evidence("msg.1", EvidenceKind.MESSAGE, "m1", "Is it risk-free, you idiot?")
    found = check_prohibited(make_draft(claim('You asked: "Is it risk-free, you idiot?"', asked), evidence=(asked,)))
    assert codes(found) == {"offensive"}


@pytest.mark.parametrize("text", ["Let us circle back.", "Let us CIRCLE\nBACK soon", "circle back!"])
def test_words_the_voice_never_says_are_blocked_in_any_case_and_layout(text):
    voice = make_voice(never_say=("circle back", " ", "synergy (sic)"))
    [finding] = check_prohibited(with_body(text, voice=voice))
    assert (finding.code, finding.severity) == ("never_say", Severity.BLOCK)


def test_a_phrase_of_the_voice_is_not_found_inside_another_word():
    voice = make_voice(never_say=("art",))
    assert not list(check_prohibited(with_body("We start a part.", voice=voice)))


def test_one_request_with_its_list_of_times_is_one_request():
    draft = make_draft(request("Does one of these suit you?"), request(f"- {SLOT.text}", SLOT))
    assert not list(check_prohibited(draft))


def test_a_second_request_is_pointed_at():
    draft = make_draft(request("Does Tuesday suit you?", SLOT), request("Could you also send your data?"))
    [finding] = check_prohibited(draft)
    assert (finding.code, finding.severity, finding.sentence) == ("second_request", Severity.WARN, 2)
    assert found_words(draft, finding) == "Could you also send your data?"


def test_a_request_where_none_was_planned_is_pointed_at():
    draft = make_draft(request("Could you call me?"), call_to_action=CallToAction.NONE)
    assert codes(check_prohibited(draft)) == {"unplanned_request"}


LONG_GERMAN = (
    "Vielen Dank f\u00fcr Ihre Nachricht, die ich mit Freude gelesen habe. Wir haben in der Zeit darauf gehofft"
    ", und ich denke, dass es f\u00fcr Ihre Leute nicht zu viel ist."
)


def test_a_mail_in_another_language_than_the_voices_is_pointed_at():
    assert codes(check_prohibited(with_body(LONG_GERMAN))) == {"other_language"}
    assert not list(check_prohibited(with_body(LONG_GERMAN, voice=make_voice(language="de"))))


def test_a_short_foreign_phrase_is_no_other_language():
    assert not list(check_prohibited(with_body("Vielen Dank und bis bald.")))


def test_the_default_greeting_without_a_name_is_no_placeholder():
    assert not list(check_prohibited(with_body("Hello,")))
    assert codes(check_prohibited(with_body("Hi ,"))) == {"placeholder"}
