"""A mail as the bytes Gmail is given: no field of it can add a header or a recipient."""

import base64
import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from sales_agent.connectors.errors import Permanent
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail.paths import EFFECT_HEADER

# One address in plain ASCII: what a mail server without extensions takes.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")

# A line of a mail holds 998 characters; clients thread by the first ancestor and the last few.
_MOST_REFERENCES = 20

# Long enough for any name or subject a person reads, short enough that no client chokes.
_LONGEST_NAME, _LONGEST_SUBJECT = 200, 500


class MailUnsendable(Permanent):
    """An address of the mail is not one that mail can be sent to."""


def raw_mail(mail: OutgoingMail, marker: str) -> str:
    """The mail as base64url. Raises MailUnsendable."""
    message = EmailMessage(policy=SMTP)
    if mail.from_address:
        message["From"] = _address(mail.from_name, mail.from_address)
    message["To"] = _address(mail.to_name, mail.to_address)
    message["Subject"] = one_line(mail.subject)[:_LONGEST_SUBJECT]
    message.set_content(_encodable(mail.body), subtype="plain", charset="utf-8")
    return base64.urlsafe_b64encode(_own_headers(mail, marker) + message.as_bytes()).decode()


def _own_headers(mail: OutgoingMail, marker: str) -> bytes:
    """Headers of ids only, written by hand: the library would encode a long id, and no client could match it."""
    parent = _MESSAGE_ID.findall(mail.in_reply_to)[:1]
    ancestors = _MESSAGE_ID.findall(mail.references)
    chain = [found for found in ancestors if found not in parent] + parent
    if len(chain) > _MOST_REFERENCES:
        chain = [chain[0], *chain[1 - _MOST_REFERENCES :]]
    lines = [f"{EFFECT_HEADER}: {one_line(marker)}"]
    if parent:
        lines.append(f"In-Reply-To: {parent[0]}")
    if chain:
        lines.append("References: " + "\r\n ".join(chain))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _address(name: str, address: str) -> Address:
    if not _ADDRESS.fullmatch(address):
        raise MailUnsendable
    return Address(display_name=one_line(name)[:_LONGEST_NAME], addr_spec=address)


def one_line(text: str) -> str:
    """The text without line breaks and control characters of any alphabet, blanks joined.

    What looks like an encoded word is broken up: the library would decode it, line breaks and all, into the header.
    """
    visible = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in _encodable(text))
    return " ".join(visible.replace("=?", "= ?").split())


def _encodable(text: str) -> str:
    """Lone surrogates, which no encoding can carry, become question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
