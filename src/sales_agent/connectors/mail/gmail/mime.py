"""A mail as the bytes Gmail is given: no field of it can add a header or a recipient."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

from sales_agent.connectors.errors import Permanent
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail.paths import EFFECT_HEADER

# One address in plain ASCII: what a mail server without extensions takes.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")

# Clients thread by the first ancestor and the last few.
_MOST_REFERENCES = 20

# Where a one-click unsubscribe is posted to: https, or this machine itself. No character in it ends a header or a URL.
_UNSUBSCRIBE_HOST = r"(?:https://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|http://127\.0\.0\.1)(?::[0-9]{1,5})?"
_UNSUBSCRIBE_URL = re.compile(_UNSUBSCRIBE_HOST + r"/[A-Za-z0-9._~:/?@!$&'()*+;=%-]{0,700}")

# What a header may hold as it stands: nothing that is structure, and nothing that needs folding.
_PLAIN_TEXT = re.compile(r"[ -~]{0,200}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '-]{0,60}")

# An encoded word is at most 75 characters, of which 12 are its frame.
_ENCODED_WORD_BYTES = 45

_FOLD = "\r\n "

# Long enough for any name or subject a person reads, short enough that no client chokes.
_LONGEST_NAME, _LONGEST_SUBJECT = 200, 500


class MailUnsendable(Permanent):
    """An address of the mail is not one that mail can be sent to, or its unsubscribe link is no URL."""


def raw_mail(mail: OutgoingMail, marker: str) -> str:
    """The mail as base64url. Raises MailUnsendable."""
    body = EmailMessage(policy=SMTP)
    body.set_content(_encodable(mail.body), subtype="plain", charset="utf-8")
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(mail, marker))
    return base64.urlsafe_b64encode(head.encode("ascii") + body.as_bytes()).decode()


def _headers(mail: OutgoingMail, marker: str) -> Iterator[tuple[str, str]]:
    """Written by hand, since the library cannot be trusted with them.

    It loses the quotes of a long name, so that a comma in it adds a recipient; it decodes what looks encoded, line
    breaks and all; it encodes a long id, so that no client could match it.
    """
    parent = _MESSAGE_ID.findall(mail.in_reply_to)[:1]
    chain = [found for found in _MESSAGE_ID.findall(mail.references) if found not in parent] + parent
    if len(chain) > _MOST_REFERENCES:
        chain = [chain[0], *chain[1 - _MOST_REFERENCES :]]
    if mail.from_address:
        yield "From", _mailbox(mail.from_name, mail.from_address)
    yield "To", _mailbox(mail.to_name, mail.to_address)
    yield "Subject", _text(one_line(mail.subject)[:_LONGEST_SUBJECT])
    yield EFFECT_HEADER, _text(one_line(marker))
    if mail.list_unsubscribe:
        yield "List-Unsubscribe", _unsubscribe_url(mail.list_unsubscribe)
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if chain:
        yield "References", _FOLD.join(chain)
    if parent:
        yield "In-Reply-To", parent[0]


def _mailbox(name: str, address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise MailUnsendable
    words = _text(one_line(name)[:_LONGEST_NAME], plain=_PLAIN_NAME)
    return f"{words}{_FOLD}<{address}>" if words else address


def _unsubscribe_url(url: str) -> str:
    if not _UNSUBSCRIBE_URL.fullmatch(url):
        raise MailUnsendable
    return f"<{url}>"


def _text(text: str, plain: re.Pattern[str] = _PLAIN_TEXT) -> str:
    """As it stands where that cannot be misread, else as encoded words, each of which holds whole characters."""
    if plain.fullmatch(text):
        return text
    pieces: list[bytes] = []
    for character in text:
        encoded = character.encode()
        if pieces and len(pieces[-1]) + len(encoded) <= _ENCODED_WORD_BYTES:
            pieces[-1] += encoded
        else:
            pieces.append(encoded)
    return _FOLD.join(f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def one_line(text: str) -> str:
    """The text without line breaks and control characters of any alphabet, blanks joined.

    What looks like an encoded word is broken up: whoever decodes it must not find line breaks in it.
    """
    visible = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in _encodable(text))
    return " ".join(visible.replace("=?", "= ?").split())


def _encodable(text: str) -> str:
    """Lone surrogates, which no encoding can carry, become question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
