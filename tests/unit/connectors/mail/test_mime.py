"""No field of a mail can add a header, a recipient or a line above the body."""

import base64
import email
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail.mime import MailUnsendable, raw_mail

BREAKS = ["\r\n", "\n", "\r", "\n\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00"]
INJECTIONS = [
    *(f"Hello{mark}Bcc: thief@evil.example" for mark in BREAKS),
    "Hello\r\n\r\n<html>new body</html>",
    "Hello\r\n Bcc: thief@evil.example",
    "Hello%0d%0aBcc: thief@evil.example",
    "=?utf-8?q?Hello=0D=0ABcc=3A_thief=40evil.example?=",
    '"Hello" <thief@evil.example>, x',
    "Hello, thief@evil.example",
    "x" * 3000,
    f"{'x' * 80}, thief@evil.example",
    f"Hello <thief@evil.example>, {'x' * 80}",
    f"{'x' * 80}\u2028, thief@evil.example",
    '\\", thief@evil.example, "',
    "(comment",
    "group: thief@evil.example;",
    "é" * 1500,
    "\ud800 lone",
    "🎉" * 400,
]
ALLOWED = {"from", "to", "subject", "content-type", "content-transfer-encoding", "mime-version"}
OWN = {"x-sales-agent-effect", "in-reply-to", "references"}


def mail(**changes: str) -> OutgoingMail:
    fields = {
        "to_address": "anna@nordwind.example",
        "to_name": "Anna Becker",
        "from_address": "mara@brightpath.example",
        "from_name": "Mara Lindqvist",
        "subject": "Your question",
        "body": "Hello Anna,\n\nthank you.\n",
    }
    return OutgoingMail(**{**fields, **changes})


def parsed(outgoing: OutgoingMail, marker: str = "sa-1") -> EmailMessage:
    raw = base64.urlsafe_b64decode(raw_mail(outgoing, marker))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return email.message_from_bytes(raw, EmailMessage, policy=SMTP)


@pytest.mark.parametrize("field", ["subject", "to_name", "from_name", "in_reply_to", "references", "body"])
@pytest.mark.parametrize("injection", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_text_adds_a_header_or_a_recipient(field: str, injection: str) -> None:
    message = parsed(mail(**{field: injection}))
    names = [name.lower() for name in message]
    assert set(names) <= ALLOWED | OWN
    assert len(names) == len(set(names))
    assert [address.addr_spec for address in message["To"].addresses] == ["anna@nordwind.example"]
    assert [address.addr_spec for address in message["From"].addresses] == ["mara@brightpath.example"]
    if field != "body":
        assert message.get_content().splitlines() == ["Hello Anna,", "", "thank you."]


@pytest.mark.parametrize("field", ["to_address", "from_address"])
@pytest.mark.parametrize("mark", [*BREAKS, ",", ";", " ", "<", ">", '"', "(", ")", ":", "\\", "é", "@x.example,"])
def test_an_address_with_anything_odd_in_it_is_refused(field: str, mark: str) -> None:
    with pytest.raises(MailUnsendable):
        raw_mail(mail(**{field: f"anna{mark}@nordwind.example"}), "sa-1")


def test_a_mail_without_a_sender_leaves_gmail_to_name_it() -> None:
    assert parsed(mail(from_address=""))["From"] is None


def test_words_of_any_alphabet_arrive_as_they_were_written() -> None:
    message = parsed(mail(subject="Grüße aus Köln 🎉", to_name="Müller, Jörg", body="Ça va? 60 €\nこんにちは\n"))
    assert message["Subject"] == "Grüße aus Köln 🎉"
    assert message["To"].addresses[0].display_name == "Müller, Jörg"
    assert message.get_content().splitlines() == ["Ça va? 60 €", "こんにちは"]


def test_long_ids_are_not_encoded_so_that_every_client_finds_the_thread() -> None:
    parent = f"<{'a' * 180}@mail.nordwind.example>"
    root = f"<{'b' * 180}@mail.nordwind.example>"
    message = parsed(mail(in_reply_to=parent, references=root))
    assert message["In-Reply-To"] == parent
    assert message["References"].split() == [root, parent]


def test_a_long_chain_keeps_its_root_and_its_last_ancestors() -> None:
    chain = [f"<{number}@x.example>" for number in range(100)]
    kept = parsed(mail(in_reply_to="<parent@x.example>", references=" ".join(chain)))["References"].split()
    assert len(kept) == 20
    assert (kept[0], kept[-2:]) == (chain[0], [chain[-1], "<parent@x.example>"])


def test_the_marker_is_a_header_of_its_own() -> None:
    assert parsed(mail(), "sa-0123")["X-Sales-Agent-Effect"] == "sa-0123"
