"""Below every mail stand the sender's address and the way out, and neither is ever taken for the seller's words."""

import base64
import email
import email.policy

import pytest

from sales_agent.agents.mail_cleaning import own_words
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail.mime import raw_mail
from sales_agent.pipeline.drafting.footer import footer

URL = "https://agent.fabrikam.example/u/" + "A" * 92
ADDRESS = "Fabrikam GmbH\n Hafenweg 1 \n\n20457 Hamburg\n"


def test_the_footer_has_the_mark_the_address_and_the_link():
    text = footer(postal_address=ADDRESS, unsubscribe_url=URL, language="en")

    assert text.split("\n") == [
        "-- ",
        "Fabrikam GmbH",
        "Hafenweg 1",
        "20457 Hamburg",
        "You do not want to hear from us any more? One click is enough:",
        URL,
    ]


@pytest.mark.parametrize(("language", "word"), [("de", "Klick"), ("DE-ch", "Klick"), ("fr", "click"), ("", "click")])
def test_it_speaks_the_language_of_the_mail_else_english(language: str, word: str):
    assert word in footer(postal_address="", unsubscribe_url=URL, language=language)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("lost", ["", "-- \n"], ids=["as sent", "mark lost on the way"])
def test_our_own_mail_is_read_without_its_footer(language: str, lost: str):
    below = footer(postal_address=ADDRESS, unsubscribe_url=URL, language=language).removeprefix(lost)
    mail = f"Hi Ada,\n\nTuesday suits me.\n\nWarm regards,\nMara\n\n{below}\n"

    words = own_words(mail)

    assert "Tuesday suits me." in words
    assert all(part not in words for part in ("Hafenweg", "/u/", "click", "Klick"))


def test_without_a_closing_formula_the_footer_goes_all_the_same():
    below = footer(postal_address=ADDRESS, unsubscribe_url=URL, language="en")

    assert own_words(f"Hi Ada,\n\nTuesday suits me.\n\n{below}\n") == "Hi Ada,\n\nTuesday suits me."


@pytest.mark.parametrize("sender", ["Fabrikam Ltd", "Bäckerei Müller"])
def test_the_mark_is_still_one_when_the_mail_has_been_on_the_wire(sender: str):
    below = footer(postal_address=sender, unsubscribe_url=URL, language="en")
    people = ("ada@contoso.example", "Ada", "mara@fabrikam.example", "Mara")
    outgoing = OutgoingMail(*people, subject="Tuesday", body=f"Tuesday suits me.\n\n{below}")

    raw = base64.urlsafe_b64decode(raw_mail(outgoing, "marker"))
    arrived = email.message_from_bytes(raw, policy=email.policy.default).get_content()

    assert f"\r\n-- \r\n{sender}\r\n" in arrived
    assert own_words(arrived) == "Tuesday suits me."
