import pytest

from sales_agent.content import Evidence, EvidenceKind, Severity
from sales_agent.safety.checks.commitments import check_commitments
from tests.factories.safety import (
    COMPANY,
    FORM,
    GUIDE,
    SLOT,
    claim,
    codes,
    commitment,
    found_words,
    make_draft,
    question,
    request,
    with_body,
)

PROMISES = [
    ("The price is $99.", "price_promised"),
    ("It costs only 49 EUR.", "price_promised"),
    ("That is $12 per seat.", "price_promised"),
    ("Setup is free of charge.", "price_promised"),
    ("You can have it for free.", "price_promised"),
    ("We start with a free trial.", "price_promised"),
    ("Die Einrichtung ist kostenlos.", "price_promised"),
    ("You get 20% off.", "discount_promised"),
    ("We can offer you a discount.", "discount_promised"),
    ("We'll happily give your team a small discount.", "discount_promised"),
    ("You will receive a rebate.", "discount_promised"),
    ("It is yours at half price.", "discount_promised"),
    ("There is a special offer for you.", "discount_promised"),
    ("We will refund the fee.", "refund_promised"),
    ("You'll get a full refund.", "refund_promised"),
    ("We'll go live within two weeks.", "deadline_promised"),
    ("We can deliver the connector by the end of March.", "deadline_promised"),
    ("Our team will onboard everyone in 3 days.", "deadline_promised"),
    ("You are up and running within a day.", "deadline_promised"),
    ("I'll get you everything by Friday.", "deadline_promised"),
    ("You can cancel anytime.", "contract_promised"),
    ("There is no lock-in.", "contract_promised"),
    ("We accept your terms.", "contract_promised"),
    ("We will sign the NDA.", "contract_promised"),
    ("Consider it done.", "contract_promised"),
    ("We run at 99.9% uptime.", "sla_promised"),
    ("There is 24/7 support.", "sla_promised"),
    ("We will answer every ticket within 4 hours.", "sla_promised"),
    ("You will see zero downtime.", "sla_promised"),
    ("We are SOC 2 certified.", "certification_promised"),
    ("Our platform is fully GDPR compliant.", "certification_promised"),
    ("It is ISO 27001 certified.", "certification_promised"),
    ("We're HIPAA-compliant.", "certification_promised"),
    ("Your data is safe with us.", "certification_promised"),
    ("It has bank-grade protection.", "certification_promised"),
]
HARMLESS = [
    "Would one of these times suit you for a 30-minute call?",
    "I am free on Tuesday and feel free to choose another day.",
    "You asked whether we connect to an ERP.",
    "Your GDPR question is a good one.",
    "We integrate with SAP in three ways.",
    "I would like to understand how Brightfab handles this today.",
    "Half an hour should be enough to see whether we are a fit.",
    "What should the proposal cover so that it is useful to you?",
    "I will bring an example to the call.",
    "The team in March had 12 people.",
    "Only two plants use it so far, you wrote.",
    "The guide shows where the data comes from.",
    "How do you plan the summer, by plant or by line?",
]


def blocks(draft):
    return {finding.code for finding in check_commitments(draft) if finding.severity is Severity.BLOCK}


@pytest.mark.parametrize(("text", "code"), PROMISES)
def test_a_promise_nobody_wrote_down_is_blocked(text, code):
    assert code in blocks(with_body(text))


@pytest.mark.parametrize(("text", "code"), PROMISES)
def test_the_same_promise_stands_on_a_file_of_ours(text, code):
    assert not blocks(make_draft(commitment(text, GUIDE)))


@pytest.mark.parametrize(("text", "code"), PROMISES)
def test_a_leads_own_words_bind_nobody(text, code):
    draft = make_draft(commitment(text, FORM, COMPANY))
    assert {code, "commitment_without_evidence"} <= blocks(draft)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_promises_nothing_is_not_blocked(text):
    assert not blocks(with_body(text))


def test_a_promise_in_the_subject_has_no_papers():
    assert blocks(make_draft(subject="20% off for Brightfab")) == {"discount_promised"}


def test_a_commitment_without_evidence_is_blocked_whatever_it_says():
    draft = make_draft(commitment("I will think of you."))
    [finding] = check_commitments(draft)
    assert (finding.code, finding.severity) == ("commitment_without_evidence", Severity.BLOCK)
    assert found_words(draft, finding) == "I will think of you."


def test_a_commitment_on_evidence_that_does_not_exist_is_blocked():
    unknown = Evidence("file.9", EvidenceKind.FILE, "f9", "We promise everything")
    assert "commitment_without_evidence" in blocks(make_draft(commitment("I will think of you.", unknown)))


def test_offered_times_are_a_commitment_that_stands_on_the_calendar():
    assert not blocks(make_draft(request("Does this suit you?"), commitment(f"- {SLOT.text}", SLOT)))


def test_a_lead_may_be_quoted_with_what_we_may_not_say():
    asked = Evidence(
        "form.message", EvidenceKind.FORM_FIELD, "message", "We need to go live in 3 weeks. Is setup for free?"
    )
    quoted = claim('You wrote: "We need to go live in 3 weeks. Is setup for free?"', asked)
    assert not blocks(make_draft(quoted, evidence=(asked,)))


def test_invented_quotation_marks_hide_nothing():
    assert "discount_promised" in blocks(make_draft(claim('As we say: "You get 20% off."', FORM)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How do refunds work?", "escalate_refund"),
        ("What does it cost per seat?", "escalate_price"),
        ("Could you send your pricing?", "escalate_price"),
        ("Our budget is fixed.", "escalate_price"),
        ("Was ist der Preis?", "escalate_price"),
        ("Please send the contract.", "escalate_contract"),
        ("Our lawyer has a question.", "escalate_legal"),
        ("Gibt es Fragen zum Datenschutz?", "escalate_legal"),
        ("Who does your security review?", "escalate_security"),
        ("Can I talk to a human?", "escalate_human"),
        ("Are you a bot?", "escalate_human"),
        ("Please unsubscribe me.", "escalate_opt_out"),
        ("Stop emailing us!", "escalate_opt_out"),
        ("Please do not contact me again.", "escalate_opt_out"),
        ("Bitte keine weiteren Mails.", "escalate_opt_out"),
    ],
)
def test_topics_of_a_person_are_seen_in_the_mail_and_in_what_the_lead_wrote(text, code):
    in_the_mail = {finding.code: finding for finding in check_commitments(with_body(text, evidence=()))}
    assert in_the_mail[code].severity is Severity.WARN
    assert in_the_mail[code].span is not None
    asked = Evidence("msg.1", EvidenceKind.MESSAGE, "m1", text)
    assert code in codes(check_commitments(make_draft(evidence=(asked,))))
    assert code in codes(check_commitments(make_draft(evidence=(), untrusted={"form": text})))


@pytest.mark.parametrize(
    "text", ["In terms of size, we are small.", "Please pass this to Sue.", "Which plant comes first?"]
)
def test_everyday_words_escalate_nothing(text):
    assert not list(check_commitments(make_draft(question(text))))
