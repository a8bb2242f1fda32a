"""An RFC 5322 message as Gmail shows it: headers, a tree of parts, a snippet, and the words it is found by."""

import base64
import dataclasses
import html
import re
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any, cast

from sales_agent.sandbox.json_value import JsonObject

# Gmail cuts the snippet of a message at about this many characters.
SNIPPET_CHARACTERS = 200

_PARSER = BytesParser(EmailMessage, policy=policy.default)
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_REPLY_PREFIX = re.compile(r"^\s*(?:(?:re|aw|wg|fw|fwd|sv|antw)\s*:\s*)+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]+>")
_ADDRESS_HEADERS = ("from", "to", "cc", "bcc")


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedMail:
    """What is derived from the raw bytes once and read many times."""

    headers: list[tuple[str, str]]
    payload: JsonObject
    text: str
    size: int
    search_texts: dict[str, str]

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
        wanted = names or _ADDRESS_HEADERS
        values = [value for key, value in self.headers if key.lower() in wanted]
        return [address.lower() for _, address in getaddresses(values) if address]


def parse_mail(raw: bytes) -> ParsedMail:
    message = _PARSER.parsebytes(raw)
    headers = [(name, " ".join(str(value).split())) for name, value in message.items()]
    payload = _part(message, "")
    text = _text_of(message)
    by_name = {name.lower(): value for name, value in headers}
    texts = {name: words(by_name.get(name, "")) for name in ("from", "to", "cc", "bcc", "subject")}
    everything = words(" ".join((*(by_name.get(name, "") for name in texts), text)))
    return ParsedMail(headers, payload, text, len(raw), {**texts, "": everything})


def words(text: str) -> str:
    """Lower-case words between single blanks with one at either end, so that ` a b ` is found whole."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _decoded(body)
    return html.unescape(_TAG.sub(" ", text)) if body.get_content_subtype() == "html" else text


def _decoded(part: MIMEPart) -> str:
    content = cast("bytes | None", part.get_payload(decode=True)) or b""
    charset = part.get_content_charset("utf-8")
    try:
        return content.decode(charset, errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def _part(part: MIMEPart, part_id: str) -> JsonObject:
    shown: JsonObject = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": [{"name": name, "value": " ".join(str(value).split())} for name, value in part.items()],
    }
    if part.is_multipart():
        prefix = f"{part_id}." if part_id else ""
        children = cast("list[Any]", part.get_payload())
        shown["body"] = {"size": 0}
        shown["parts"] = [_part(child, f"{prefix}{index}") for index, child in enumerate(children)]
        return shown
    content = cast("bytes | None", part.get_payload(decode=True)) or b""
    if part.get_content_maintype() == "text" and not shown["filename"]:
        content = _decoded(part).encode()
        shown["body"] = {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}
    else:
        shown["body"] = {"size": len(content), "attachmentId": f"ANGjdJ{part_id or '0'}"}
    return shown
