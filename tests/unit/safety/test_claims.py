import pytest

from sales_agent.content import Evidence, EvidenceKind, Severity
from sales_agent.safety.checks.claims import Support, check_claims, judge
from tests.factories.safety import (
    ASSET_LINK,
    COMPANY,
    FORM,
    GUIDE,
    SLOT,
    claim,
    codes,
    found_words,
    make_draft,
    make_voice,
    question,
    request,
    with_body,
)

PHRASE = Evidence("voice.phrase.1", EvidenceKind.VOICE, "phrases[0]", "We build connectors since 2009 in Leeds")
SIZE = Evidence("crm.employees", EvidenceKind.CRM_PROPERTY, "numberofemployees", "1.200")
EVIDENCE = (FORM, COMPANY, GUIDE, SLOT, PHRASE, SIZE)


def judged(text, *evidence):
    return judge(make_draft(claim(text, *evidence), evidence=EVIDENCE), 1)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("You asked whether we connect to your ERP before the summer.", (FORM,)),
        ('You wrote: "Can you connect to our ERP before the summer?"', (FORM,)),
        ("Half an hour should show whether we fit Brightfab.", (COMPANY,)),
        ("I saw that Brightfab has 1,200 employees.", (COMPANY, SIZE)),
        ("With our guide, Kestrel Foods typed 40% less.", (GUIDE,)),
        (f'"Integration guide" goes into this: {ASSET_LINK}', (GUIDE,)),
        ("We build connectors since 2009.", (PHRASE,)),
    ],
)
def test_a_claim_that_says_what_its_evidence_says_is_supported(text, evidence):
    assert judged(text, *evidence).support is Support.SUPPORTED


@pytest.mark.parametrize(
    ("text", "evidence", "code"),
    [
        ("Your ERP is old.", (), "claim_without_evidence"),
        ("Your ERP is old.", (Evidence("msg.7", EvidenceKind.MESSAGE, "m7", "x"),), "evidence_unknown"),
        ("Our guide saves 45% of the typing.", (GUIDE,), "figure_not_in_evidence"),
        ("Our guide saves $3,000 of typing.", (GUIDE,), "figure_not_in_evidence"),
        ("The guide makes typing 3x faster.", (GUIDE,), "figure_not_in_evidence"),
        ("Brightfab has 1,300 employees.", (COMPANY, SIZE), "figure_not_in_evidence"),
        ("Brightfab has 12 million employees.", (COMPANY, SIZE), "figure_not_in_evidence"),
        ("We helped Siemens with the guide.", (GUIDE,), "reference_not_in_evidence"),
        ("Companies like Siemens use the guide.", (GUIDE,), "reference_not_in_evidence"),
        ("Our customers at Bosch like the guide.", (GUIDE,), "reference_not_in_evidence"),
        ("The guide is trusted by Allianz.", (GUIDE,), "reference_not_in_evidence"),
    ],
)
def test_a_claim_beyond_its_evidence_is_unsupported_and_blocked(text, evidence, code):
    judgement = judged(text, *evidence)
    assert judgement.support is Support.UNSUPPORTED
    assert (code, Severity.BLOCK) in {(reason, severity) for reason, _, severity in judgement.reasons}


@pytest.mark.parametrize(
    ("text", "evidence", "code"),
    [
        ("The weather is lovely.", (FORM,), "evidence_elsewhere"),
        ("You plan the ERP with Doris Vogel.", (FORM,), "name_not_in_evidence"),
        ("You asked about the ERP on 3 March.", (FORM,), "figure_not_in_evidence"),
        ("Our product can connect to your ERP.", (FORM,), "strangers_speak_for_us"),
    ],
)
def test_a_claim_that_only_may_be_true_is_weak_and_goes_to_a_person(text, evidence, code):
    judgement = judged(text, *evidence)
    assert judgement.support is Support.WEAK
    assert {severity for _, _, severity in judgement.reasons} == {Severity.WARN}
    assert code in {reason for reason, _, _ in judgement.reasons}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("1,200", "1200"),
        ("1.200", "1,200"),
        ("1200", "1 200"),
        ("50,000", "50k"),
        ("2.5", "2,5"),
        ("2,500,000", "2.5 million"),
        ("40 %", "40 percent"),
    ],
)
def test_one_number_in_two_spellings_is_one_number(said, seen):
    proof = Evidence("crm.size", EvidenceKind.CRM_PROPERTY, "size", f"plants {seen}")
    judgement = judge(make_draft(claim(f"You run plants: {said}", proof), evidence=(proof,)), 1)
    assert judgement.support is Support.SUPPORTED


def test_names_of_the_two_who_write_and_of_the_sellers_company_need_no_evidence():
    assert judged("Dana Reyes of Northwind read what Brightfab asked, Jo.", FORM, COMPANY).support is Support.SUPPORTED


def test_german_nouns_are_no_names():
    draft = make_draft(claim("Sie fragten nach der Anbindung im Sommer.", FORM), voice=make_voice(language="de"))
    assert "name_not_in_evidence" not in codes(check_claims(draft))


@pytest.mark.parametrize(
    "text",
    [
        "Did you know that teams save 40% with it?",
        "Would $500 a month suit you?",
        "Shall we make you 3x faster?",
    ],
)
def test_a_question_may_not_smuggle_a_measure_in(text):
    findings = list(check_claims(make_draft(question(text), evidence=(FORM,))))
    assert codes(findings) == {"figure_not_in_evidence"}
    assert {finding.severity for finding in findings} == {Severity.BLOCK}


def test_a_request_may_not_smuggle_a_customer_in():
    assert codes(check_claims(make_draft(request("Shall I tell you how we helped Siemens?")))) == {
        "reference_not_in_evidence"
    }


def test_a_request_may_say_how_long_a_call_takes():
    assert not list(check_claims(make_draft(request("Would one of these times suit you for a 30-minute call?"))))


def test_a_measure_in_the_subject_needs_evidence_too():
    draft = make_draft(subject="45% less typing")
    [finding] = check_claims(draft)
    assert found_words(draft, finding) == "45%"
    assert not list(check_claims(make_draft(subject="40% less typing")))


@pytest.mark.parametrize(
    "text", ["We are the market leader.", "It is award-winning.", "It is the only platform.", "We are #1."]
)
def test_praise_that_no_paper_of_ours_holds_is_blocked(text):
    assert "praise_without_evidence" in codes(check_claims(with_body(text)))


def test_praise_that_a_paper_of_ours_holds_passes():
    paper = Evidence("file.1", EvidenceKind.FILE, "f1", "Award-winning connectors")
    draft = make_draft(claim("These connectors are award-winning.", paper), evidence=(paper,))
    assert not list(check_claims(draft))


def test_a_lead_may_praise_us_and_be_quoted():
    asked = Evidence("msg.1", EvidenceKind.MESSAGE, "m1", "I heard you are the market leader, is that so?")
    draft = make_draft(claim('You wrote: "I heard you are the market leader, is that so?"', asked), evidence=(asked,))
    assert not list(check_claims(draft))


def test_the_finding_is_the_whole_sentence():
    draft = make_draft(claim("Your ERP is old."))
    [finding] = check_claims(draft)
    assert (found_words(draft, finding), finding.sentence) == ("Your ERP is old.", 1)
