"""A message as the Gmail API returns it, in each of its four formats, and a raw one as the API takes it."""

import base64
import binascii
import re

from sales_agent.sandbox.google.errors import invalid
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage
from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.wire import Call

FORMATS = {"full", "metadata", "minimal", "raw"}
_WEB_SAFE = re.compile(r"[A-Za-z0-9_\-]*={0,2}")


def requested_format(call: Call) -> str:
    """The `format` parameter; full when absent.

    Raises:
        Refused: 400 for a format Gmail does not know.
    """
    asked = call.query.get("format", "full").lower()
    if asked not in FORMATS:
        raise invalid(f"Invalid value at 'format': {asked}")
    return asked


def presented(mailbox: Mailbox, message: StoredMessage, shown_as: str, headers: list[str]) -> JsonObject:
    """The message; `headers` narrows the metadata format to those names."""
    parsed = mailbox.parsed(message)
    body: JsonObject = {
        **reference(message),
        "labelIds": list(message.label_ids),
        "snippet": parsed.snippet,
        "sizeEstimate": parsed.size,
        "historyId": str(message.history_id),
        "internalDate": str(message.internal_ms),
    }
    if shown_as == "full":
        body["payload"] = parsed.payload
    elif shown_as == "metadata":
        wanted = {name.lower() for name in headers}
        listed = parsed.payload["headers"]
        kept = [entry for entry in listed if not wanted or entry["name"].lower() in wanted]
        body["payload"] = {"mimeType": parsed.payload["mimeType"], "headers": kept}
    elif shown_as == "raw":
        body["raw"] = base64.urlsafe_b64encode(message.raw).decode()
    return body


def reference(message: StoredMessage) -> JsonObject:
    return {"id": message.id, "threadId": message.thread_id}


def raw_bytes(fields: JsonValue) -> bytes:
    """The RFC 5322 bytes in a message body's `raw`.

    Raises:
        Refused: 400 when it is missing or not base64url.
    """
    raw = fields.get("raw") if isinstance(fields, dict) else None
    if not isinstance(raw, str) or not raw:
        message = "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
        raise invalid(message)
    if not _WEB_SAFE.fullmatch(raw):
        raise invalid("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed")
    try:
        return base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except binascii.Error as odd:
        raise invalid("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed") from odd
