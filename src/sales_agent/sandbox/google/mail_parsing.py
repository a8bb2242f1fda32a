"""An RFC 5322 message as Gmail shows it: headers, a tree of parts, a snippet, and the words it is found by."""

import base64
import dataclasses
import html
import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses
from typing import cast

from sales_agent.sandbox.json_value import JsonObject

# Gmail cuts the snippet of a message at about this many characters.
SNIPPET_CHARACTERS = 200

# The older policy reads a header once where the newer one parses it at every look.
_PARSER = BytesParser(policy=compat32)
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_REPLY_PREFIX = re.compile(r"^\s*(?:(?:re|aw|wg|fw|fwd|sv|antw)\s*:\s*)+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]+>")
_SPECIALS = re.compile(r'[,;:<>@()"]')
_ADDRESS_HEADERS = ("from", "to", "cc", "bcc")


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedMail:
    """What is derived from the raw bytes once and read many times."""

    headers: list[tuple[str, str]]
    payload: JsonObject
    text: str
    size: int
    search_texts: dict[str, str]
    by_header: dict[str, list[str]]

    def header(self, name: str) -> str:
        """The first header of that name, decoded; empty when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def message_id(self) -> str:
        found = _MESSAGE_ID.search(self.header("Message-ID"))
        return found.group(0) if found else ""

    @property
    def referenced_ids(self) -> frozenset[str]:
        """Message ids in In-Reply-To and References."""
        return frozenset(_MESSAGE_ID.findall(f"{self.header('In-Reply-To')} {self.header('References')}"))

    @property
    def thread_subject(self) -> str:
        """The subject without reply and forward prefixes, for comparing."""
        return " ".join(_REPLY_PREFIX.sub("", self.header("Subject")).lower().split())

    @property
    def snippet(self) -> str:
        """The beginning of the text with its HTML characters escaped, as the API returns it."""
        return html.escape(" ".join(self.text.split())[:SNIPPET_CHARACTERS], quote=True)

    def addresses(self, *names: str) -> list[str]:
        """Addresses of the given headers (all address headers when none is named), lower case."""
        return [address for name in names or _ADDRESS_HEADERS for address in self.by_header.get(name, ())]


def parse_mail(raw: bytes) -> ParsedMail:
    message = _PARSER.parsebytes(raw)
    payload = _part(message, "")
    headers: list[tuple[str, str]] = [(shown["name"], shown["value"]) for shown in payload["headers"]]
    text = _text_of(message)
    by_name = {name.lower(): value for name, value in headers}
    texts = {name: words(by_name.get(name, "")) for name in ("from", "to", "cc", "bcc", "subject")}
    everything = words(" ".join((*(by_name.get(name, "") for name in texts), text)))
    addresses = {name: [a.lower() for _, a in _people(message.get_all(name, ())) if a] for name in _ADDRESS_HEADERS}
    return ParsedMail(headers, payload, text, len(raw), {**texts, "": everything}, addresses)


def words(text: str) -> str:
    """Lower-case words between single blanks with one at either end, so that ` a b ` is found whole."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _text_of(message: Message) -> str:
    """The first plain text in the mail, else its first HTML without the tags."""
    parts = [part for part in message.walk() if not part.is_multipart() and not part.get_filename()]
    for wanted in ("text/plain", "text/html"):
        found = next((part for part in parts if part.get_content_type() == wanted), None)
        if found is not None:
            text = _content(found).decode()
            return html.unescape(_TAG.sub(" ", text)) if wanted == "text/html" else text
    return ""


def _content(part: Message) -> bytes:
    """A part's bytes without their transfer encoding; text as UTF-8."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b""
    if part.get_content_maintype() != "text":
        return content
    try:
        return content.decode(part.get_content_charset("utf-8"), errors="replace").encode()
    except LookupError:
        return content.decode("utf-8", errors="replace").encode()


def _people(values: Iterable[object]) -> list[tuple[str, str]]:
    """Names, still encoded, and addresses of address headers."""
    return getaddresses([_unfolded(value) for value in values])


def _unfolded(value: object) -> str:
    """A header on one line, bare UTF-8 read as such."""
    text = str(value).encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    return " ".join(text.split())


def _decoded(text: str) -> str:
    """Encoded words in plain letters; as they are where they cannot be read."""
    if "=?" not in text:
        return text
    try:
        return " ".join(str(make_header(decode_header(text))).split())
    except (HeaderParseError, LookupError, ValueError):
        return text


def _shown_header(name: str, value: object) -> str:
    """Decoded; a decoded name with a comma or the like is quoted, so that it stays one person."""
    text = _unfolded(value)
    if "=?" not in text or name.lower() not in _ADDRESS_HEADERS:
        return _decoded(text)
    people = [(_decoded(person), address) for person, address in _people([value])]
    return ", ".join(
        f'"{person}" <{address}>' if _SPECIALS.search(person) else f"{person} <{address}>" for person, address in people
    )


def _part(part: Message, part_id: str) -> JsonObject:
    shown: JsonObject = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": [{"name": name, "value": _shown_header(name, value)} for name, value in part.items()],
    }
    if part.is_multipart():
        prefix = f"{part_id}." if part_id else ""
        children = cast("list[Message]", part.get_payload())
        shown["body"] = {"size": 0}
        shown["parts"] = [_part(child, f"{prefix}{index}") for index, child in enumerate(children)]
        return shown
    content = _content(part)
    if part.get_content_maintype() == "text" and not shown["filename"]:
        shown["body"] = {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}
    else:
        shown["body"] = {"size": len(content), "attachmentId": f"ANGjdJ{part_id or '0'}"}
    return shown
