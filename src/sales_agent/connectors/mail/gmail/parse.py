"""Gmail's JSON of a message as the port shows it: headers decoded, one plain text, told apart from automatic mail."""

import base64
import binascii
import datetime as dt
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from sales_agent.connectors.answer import JsonObject, count_at, object_at, objects_at, required_text, text_at, texts_at
from sales_agent.connectors.mail.gmail.automatic import is_automatic
from sales_agent.connectors.mail.gmail.html_text import text_of_html
from sales_agent.connectors.mail.reader import MailMessage, MailThread

# Not part of a conversation: what was never sent, and what was thrown away.
_NOT_HISTORY = frozenset({"DRAFT", "TRASH", "SPAM"})


def thread_of(answer: JsonObject) -> MailThread:
    """A thread in time order without drafts and thrown-away messages: it may hold no message at all."""
    messages = [message_of(found) for found in objects_at(answer, "messages")]
    kept = [message for message in messages if _NOT_HISTORY.isdisjoint(message.label_ids)]
    kept.sort(key=lambda message: message.sent_at)
    return MailThread(required_text(answer, "id"), kept[0].subject if kept else "", tuple(kept))


def message_of(answer: JsonObject) -> MailMessage:
    """One message; raises Transient where the answer is none."""
    payload = object_at(answer, "payload")
    headers = headers_of(payload)
    senders = _addresses(headers, "from") or [("", "")]
    receivers = [address for _, address in _addresses(headers, "to", "cc")]
    return MailMessage(
        id=required_text(answer, "id"),
        thread_id=required_text(answer, "threadId"),
        message_id_header=headers.get("message-id", [""])[0].strip(),
        references=" ".join(" ".join(headers.get("references", [])).split()),
        from_address=senders[0][1],
        from_name=senders[0][0],
        to_addresses=tuple(dict.fromkeys(receivers)),
        subject=" ".join(decoded(headers.get("subject", [""])[0]).split()),
        sent_at=dt.datetime.fromtimestamp(count_at(answer, "internalDate") / 1000, dt.UTC),
        text=text_of(payload),
        label_ids=tuple(texts_at(answer, "labelIds")),
        is_automatic=is_automatic(headers, senders[0][1]),
    )


def headers_of(payload: JsonObject) -> dict[str, list[str]]:
    """Header values by lower-case name, in order, still as they were written."""
    found: dict[str, list[str]] = {}
    for header in objects_at(payload, "headers"):
        found.setdefault(text_at(header, "name").lower(), []).append(text_at(header, "value"))
    return found


def decoded(value: str) -> str:
    """A header with its encoded words decoded; as it stands where they are broken."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _addresses(headers: dict[str, list[str]], *names: str) -> list[tuple[str, str]]:
    """(name, lower-case address) pairs. Split before decoding: an encoded name may hold a comma."""
    values = [value for name in names for value in headers.get(name, [])]
    return [(decoded(name), address.lower()) for name, address in getaddresses(values) if "@" in address]


def text_of(payload: JsonObject) -> str:
    """The plain parts of a message, else its HTML reduced to text; attachments are left alone."""
    parts = list(_leaves(payload))
    plain = [_content(part) for part in parts if _kind(part) == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain).replace("\r\n", "\n").strip()
    return "\n".join(text_of_html(_content(part)) for part in parts if _kind(part) == "text/html").strip()


def _kind(part: JsonObject) -> str:
    return "" if text_at(part, "filename") else text_at(part, "mimeType").lower()


def _leaves(part: JsonObject) -> Iterator[JsonObject]:
    waiting = [part]
    while waiting:
        found = waiting.pop()
        below = objects_at(found, "parts")
        waiting.extend(reversed(below))
        if not below:
            yield found


def _content(part: JsonObject) -> str:
    """A part's text. Gmail mostly hands out UTF-8 whatever the header says, so that is tried first."""
    data = text_at(part, "body", "data")
    try:
        content = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return ""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _with_named_charset(part, content)


def _with_named_charset(part: JsonObject, content: bytes) -> str:
    message = Message()
    message["Content-Type"] = headers_of(part).get("content-type", ["text/plain"])[0]
    try:
        return content.decode(message.get_content_charset("latin-1"), errors="replace")
    except LookupError:
        return content.decode("latin-1")
