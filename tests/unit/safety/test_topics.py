"""What always goes to a person, in the words people use: in the mail, in the form, in the lead's last mail."""

import time

import pytest

from sales_agent.content import Evidence, EvidenceKind, Severity
from sales_agent.pipeline.approval.engine import DecisionKind, evaluate
from sales_agent.pipeline.approval.inputs import FindingsSummary
from sales_agent.safety.check import run_checks
from sales_agent.safety.checks.commitments import check_commitments
from sales_agent.safety.wording import Wording
from sales_agent.safety.words.topics import THEIR_PERCENTAGE, TOPICS
from tests.factories.decisions import NOW, make_inputs
from tests.factories.safety import FORM, codes, make_draft, with_body

PHRASES = {
    "refund": (
        "I would like my money back.",
        "Please give us our deposit back.",
        "We expect a refund by Friday.",
        "Can the setup be reimbursed?",
        "We started a chargeback.",
        "Please send a credit note.",
        "Ich m\u00f6chte mein Geld zur\u00fcck.",
        "Wir bitten um R\u00fcckerstattung.",
        "Wann erfolgt die R\u00fcckzahlung?",
        "Bitte stornieren Sie unsere Bestellung.",
        "Wir verlangen Schadensersatz.",
    ),
    "price": (
        "How much does it cost?",
        "What would it cost us a year?",
        "What do you charge for 40 seats?",
        "How expensive is the large plan?",
        "Could you send a quote?",
        "Is there a discount for schools?",
        "We have 20k EUR for this.",
        "Is the pilot free of charge?",
        "Can we negotiate?",
        "Was kostet das?",
        "Schicken Sie mir bitte ein Angebot.",
        "Wie hoch sind die Lizenzkosten?",
        "Gibt es einen Listenpreis?",
        "Welche Konditionen bieten Sie?",
        "Das ist uns zu teuer.",
        "Wir h\u00e4tten gern 500 \u20ac Nachlass.",
        "Unser Budget: 12.000 Euro",
    ),
    "percentage": (
        "We want 15% off.",
        "Can you do 15 percent?",
        "We lose 5 % of our orders.",
        "Geht da noch 10\u00a0% weniger?",
        "Wir brauchen zehn Prozent mehr Durchsatz.",
        "What percentage of teams stays?",
    ),
    "contract": (
        "Please send the contract.",
        "Can you sign our NDA?",
        "We need an order form.",
        "What is the notice period?",
        "I want to cancel my subscription.",
        "Who bears the liability?",
        "Wie lange l\u00e4uft der Rahmenvertrag?",
        "Wir m\u00f6chten k\u00fcndigen.",
        "Bitte schicken Sie Ihre AGB.",
        "Gibt es eine Geheimhaltungsvereinbarung?",
        "Wer \u00fcbernimmt die Haftung?",
    ),
    "legal": (
        "Our lawyer will write to you.",
        "Is this legal in France?",
        "How do you handle privacy?",
        "Are you GDPR compliant?",
        "We are going to sue.",
        "Das kl\u00e4rt unser Rechtsanwalt.",
        "Ist das rechtlich zul\u00e4ssig?",
        "Unser Datenschutzbeauftragter hat eine Frage.",
        "Wir werden Sie abmahnen.",
        "Wir gehen vor Gericht.",
    ),
    "security": (
        "How secure is it?",
        "We need a security review.",
        "Do you support SSO?",
        "Is the data encrypted at rest?",
        "Were you ever hacked?",
        "Do you have SOC2?",
        "Wie sicher sind unsere Daten?",
        "Was ist mit der IT-Sicherheit?",
        "Sind die Daten verschl\u00fcsselt?",
        "Sind Sie nach ISO 27001 zertifiziert?",
        "Gab es ein Datenleck?",
    ),
    "human": (
        "I want to talk to a human.",
        "Can I speak to someone?",
        "Put me through to a real person.",
        "Is this a bot?",
        "Please call me back.",
        "I have a complaint.",
        "Kann ich mit jemandem sprechen?",
        "Ich m\u00f6chte mit einem Menschen reden.",
        "Sind Sie ein Bot?",
        "Bitte um R\u00fcckruf.",
        "Rufen Sie mich an.",
        "Ich habe eine Beschwerde.",
    ),
    "opt_out": (
        "unsubscribe",
        "UNSUB",
        "Please take me off your list.",
        "Please stop.",
        "Stop sending these emails.",
        "Don\u2019t contact me again.",
        "Do not email us.",
        "I don't want to hear from you.",
        "No more messages please.",
        "We are not interested.",
        "Please delete all my data.",
        "I withdraw my consent.",
        "This is spam.",
        "Bitte melden Sie mich ab.",
        "Bitte tragen Sie mich aus.",
        "Ich m\u00f6chte mich abmelden.",
        "Keine Werbung mehr!",
        "Bitte schreiben Sie mir nicht mehr.",
        "Kontaktieren Sie uns bitte nicht mehr.",
        "Wir sind nicht interessiert.",
        "L\u00f6schen Sie bitte meine Daten.",
        "Nehmen Sie mich aus dem Verteiler.",
        "Ich widerspreche der Nutzung meiner Adresse.",
        "Lassen Sie mich in Ruhe.",
        "Merci de ne plus m'envoyer de messages.",
    ),
}
# Milliseconds here; in the square of the length it would take much longer.
GENEROUS_SECONDS = 1.0

SAID = [(topic, text) for topic, texts in PHRASES.items() for text in texts]

# What good leads write every day.
EVERYDAY = (
    "Can you connect to our ERP before the summer?",
    "We have 40 drivers in Leeds and Rotterdam and plan on paper.",
    "Which plants could start first, and what would you need from us?",
    "Please show us the product on Tuesday at 10.",
    "We are interested in a demo for the team in Utrecht.",
    "I am writing to you because a colleague told me about it.",
    "Wir suchen eine L\u00f6sung f\u00fcr unsere Disposition. K\u00f6nnen Sie das zeigen?",
    "Passt Ihnen Dienstag um 10 Uhr?",
    "Unser Team in Hamburg hat die Planung neu ausgerichtet und auf Schichten gesetzt.",
    "Wir freuen uns auf das Gespr\u00e4ch und melden uns bis Freitag bei Ihnen.",
    "Wer ist bei der Einf\u00fchrung dabei?",
)


def of_topic(topic: str) -> Wording:
    return next(row for row in (*TOPICS, THEIR_PERCENTAGE) if row.code == f"escalate_{topic}")


def test_every_topic_has_its_phrases():
    assert {f"escalate_{topic}" for topic in PHRASES} == {row.code for row in (*TOPICS, THEIR_PERCENTAGE)}


@pytest.mark.parametrize(("topic", "text"), SAID)
def test_a_topic_is_known_by_the_words_people_use(topic: str, text: str):
    assert of_topic(topic).is_in(text)
    assert of_topic(topic).is_in(text.upper())


@pytest.mark.parametrize(("topic", "text"), SAID)
def test_no_rule_passes_a_topic_wherever_it_comes_up(topic: str, text: str):
    asked = Evidence("msg.1", EvidenceKind.MESSAGE, "m1", text)
    everything_speaks_for_it = make_inputs(last_reply_at=NOW, earlier_sends=9)
    places = (
        with_body(text, evidence=()),
        make_draft(subject=text, evidence=()),
        make_draft(evidence=(asked,)),
        make_draft(evidence=(), untrusted={"form.message": text}),
    )
    for draft in places:
        findings = run_checks(draft)
        assert f"escalate_{topic}" in codes(findings), draft
        summary = FindingsSummary.of(findings)
        inputs = make_inputs(last_reply_at=everything_speaks_for_it.last_reply_at, earlier_sends=9, findings=summary)
        assert evaluate(inputs).decision is not DecisionKind.AUTO_APPROVED
        assert not evaluate(inputs).would_approve
    assert evaluate(everything_speaks_for_it).decision is DecisionKind.AUTO_APPROVED


@pytest.mark.parametrize("text", EVERYDAY)
def test_what_people_write_every_day_is_no_topic(text: str):
    assert [row.code for row in (*TOPICS, THEIR_PERCENTAGE) if row.is_in(text)] == []


def test_a_lead_s_percentage_is_noted_and_ours_warns():
    ours = {finding.code: finding for finding in check_commitments(with_body("It saves 40%.", evidence=()))}
    theirs = {finding.code: finding for finding in check_commitments(make_draft(untrusted={"form": "We lose 5%."}))}

    assert ours["escalate_percentage"].severity is Severity.WARN
    assert theirs["escalate_percentage"].severity is Severity.NOTE


def test_mails_that_could_not_be_read_go_to_a_person():
    findings = {
        finding.code: finding for finding in check_commitments(make_draft(evidence=(FORM,), is_mail_unread=True))
    }

    assert findings["escalate_unread_mail"].severity is Severity.WARN


@pytest.mark.parametrize("row", [*TOPICS, THEIR_PERCENTAGE], ids=lambda row: row.code)
def test_the_time_a_search_takes_grows_with_the_text_and_no_faster(row: Wording):
    for piece in ("a", "how much ", "keine ", "stop all ", "1.,1", "geld zur ", "it costs ", "melde sie "):
        began = time.perf_counter()
        assert row.is_in(piece * (20_000 // len(piece))) is row.is_in(piece * 10)
        assert time.perf_counter() - began < GENEROUS_SECONDS
