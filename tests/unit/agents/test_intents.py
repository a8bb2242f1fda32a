"""Wishes read by their words."""

import pytest

from sales_agent.agents.intents import asks_to_stop, questions_in, read_intent, sounds_urgent
from sales_agent.agents.reading import Intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Could we see a demo next week?", Intent.DEMO),
        ("Ich hätte gern eine Demo.", Intent.DEMO),
        ("What does it cost for 20 users?", Intent.PRICE),
        ("How much is it?", Intent.PRICE),
        ("Bitte ein Angebot für 20 Plätze.", Intent.PRICE),
        ("Was kostet das?", Intent.PRICE),
        ("I would like a call with someone.", Intent.MEETING),
        ("Können wir einen Termin machen?", Intent.MEETING),
        ("Does it integrate with SAP?", Intent.QUESTION),
        ("Could you tell me where data is stored", Intent.QUESTION),
        ("The export does not work since yesterday.", Intent.PROBLEM),
        ("Not interested, we went with another vendor, the price was better.", Intent.NOT_INTERESTED),
        ("Kein Interesse, danke.", Intent.NOT_INTERESTED),
        ("Please unsubscribe me.", Intent.NOT_INTERESTED),
        ("We sell shoes.", Intent.UNCLEAR),
        ("", Intent.UNCLEAR),
    ],
)
def test_a_wish_is_read_from_its_words(text: str, intent: Intent) -> None:
    assert read_intent(text) is intent


@pytest.mark.parametrize(
    "text", ["unsubscribe", "Please remove me from your list", "Bitte keine weiteren E-Mails", "STOP WRITING to me"]
)
def test_a_wish_for_no_more_mail_is_heard(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", ["stop by our booth", "We cannot stop growing", "abgemeldete Nutzer"])
def test_other_stops_are_not_taken_for_one(text: str) -> None:
    assert not asks_to_stop(text)


def test_questions_keep_their_own_words() -> None:
    text = "Hi Tom,\nwe like it. Do you support SSO? And where\nis it hosted?\nPlease send the price list."
    assert questions_in(text) == ("Do you support SSO?", "is it hosted?", "Please send the price list.")


@pytest.mark.parametrize(("text", "urgent"), [("We need it this week", True), ("dringend!", True), ("no rush", False)])
def test_urgency_is_heard(text: str, urgent: bool) -> None:  # noqa: FBT001 - a column of the table
    assert sounds_urgent(text) is urgent
