"""What Gmail does to a draft and to a mail on its way out: its own Message-ID, the date, the account's sender."""

import re
from email.utils import format_datetime, formataddr

from sales_agent.sandbox.clock import SandboxClock
from sales_agent.sandbox.google.errors import invalid
from sales_agent.sandbox.google.mail_parsing import parse_mail
from sales_agent.sandbox.google.mail_threads import joins_thread
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_REWRITTEN = ("message-id", "date", "from")


def send(
    mailbox: Mailbox, clock: SandboxClock, raw: bytes, thread_id: str, *, owns_thread: bool = False
) -> StoredMessage:
    """Send these bytes: a new message under SENT, in the asked thread only if it is truly a reply there.

    A draft alone in its thread owns that thread and leaves it to the mail it becomes.

    Raises:
        Refused: 400 without a valid recipient.
    """
    mail = parse_mail(raw)
    recipients = mail.addresses("to", "cc", "bcc")
    if not recipients:
        raise invalid("Recipient address required")
    if not all(_ADDRESS.fullmatch(recipient) for recipient in recipients):
        raise invalid("Invalid To header")
    stays = owns_thread or (bool(thread_id) and joins_thread(mailbox, mail, thread_id))
    number = mailbox.new_number()
    message_id = mail.message_id if mailbox.keeps_message_id and mail.message_id else _minted(number)
    is_own = mail.addresses("from") == [mailbox.address]
    sender = mail.header("From") if is_own else formataddr((mailbox.name, mailbox.address))
    stamped = {"Date": format_datetime(clock.now()), "Message-ID": message_id}
    sent = mailbox.add(_rewritten(raw, stamped, sender, keeps_from=is_own), ["SENT"], thread_id if stays else "")
    mailbox.sent_ids.append(sent.id)
    return sent


def with_message_id(mailbox: Mailbox, raw: bytes) -> bytes:
    """A draft's bytes as Gmail keeps them: one that came without a Message-ID is given one, not yet its last."""
    if parse_mail(raw).message_id:
        return raw
    return f"Message-ID: {_minted(mailbox.new_number())}\r\n".encode() + raw


def _minted(number: int) -> str:
    """A Message-ID of Gmail's making; its look is Gmail's, its value depends on the count alone."""
    return f"<CAJ{number * 2_654_435_761 % 2**32:08x}{number:06d}@mail.gmail.example>"


def _rewritten(raw: bytes, stamped: dict[str, str], sender: str, *, keeps_from: bool) -> bytes:
    """The same bytes with Gmail's own headers in front in place of the sender's."""
    head, separator, body = _split(raw)
    kept: list[bytes] = []
    is_dropped = False
    for line in head.splitlines(keepends=True):
        if not line[:1].isspace():
            name = line.split(b":", 1)[0].strip().lower().decode("ascii", errors="replace")
            is_dropped = name in _REWRITTEN and not (name == "from" and keeps_from)
        if not is_dropped:
            kept.append(line)
    new = stamped if keeps_from else {**stamped, "From": sender}
    lines = "".join(f"{name}: {value}\r\n" for name, value in new.items()).encode()
    return lines + b"".join(kept) + separator + body


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Headers, the empty line, and the body, whichever line ends the sender used."""
    found = re.search(rb"\r?\n\r?\n", raw)
    if found is None:
        return raw.rstrip(b"\r\n") + b"\r\n", b"\r\n", b""
    return raw[: found.start()] + b"\r\n", b"\r\n", raw[found.end() :]
