"""From HubSpot's bodies to submissions: the form shape, workflow bodies, the old contact shape, and arrays of them."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sales_agent.kit.addresses import canonical_address

# HubSpot sends at most a hundred at a time; more than this is no delivery of its own, and is kept as one piece.
MAX_ITEMS = 1000
# Beyond this nothing a person typed is left; a hostile body cannot make one lead expensive.
MAX_FIELDS = 200
MAX_VALUE_CHARACTERS = 20_000
# Longer than an address can be (RFC 5321: 254), and short enough for the index it is found by.
MAX_ADDRESS_CHARACTERS = 320
# HubSpot's ids have 36 characters; what is longer is kept by its digest, since a key must fit into an index.
MAX_ID_CHARACTERS = 100

_NAMES = {"first_name": "firstname", "last_name": "lastname", "company_name": "company"}
_ENVELOPE = frozenset({
    "portalId", "portal-id", "formId", "form-id", "formSubmissionId", "conversionId", "timestamp", "submittedAt",
    "pageUri", "pageUrl", "pageTitle", "vid", "canonical-vid", "properties", "form-submissions", "identity-profiles",
    "fieldValues", "submitText", "userMessage", "objectId", "values",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """One submission as HubSpot told it. `key` is the same for every delivery of the same submission."""

    key: str
    raw: bytes
    portal_id: int | None = None
    form_id: str = ""
    email: str = ""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    page_uri: str = ""
    page_title: str = ""
    submitted_at: dt.datetime | None = None
    is_readable: bool = True

    @property
    def email_canonical(self) -> str:
        """Lower case, without a plus tag: by which people are compared."""
        return canonical_address(self.email)


def parse(body: bytes) -> tuple[FormSubmission, ...]:
    """Every submission of a body, in order; what cannot be read comes back as unreadable, with its bytes."""
    try:
        decoded: object = json.loads(body)
    except (ValueError, RecursionError):
        return (_unreadable(body),)
    if isinstance(decoded, list):
        items = cast("list[object]", decoded)
        if not 0 < len(items) <= MAX_ITEMS:
            return (_unreadable(body),)
        return tuple(_listed(entry, body) for entry in items)
    return (_readable(decoded, body),)


def _listed(entry: object, body: bytes) -> FormSubmission:
    """One of an array; what is nested too deep to be told apart is kept with the whole body."""
    try:
        raw = json.dumps(entry).encode()
    except RecursionError:
        return _unreadable(body)
    return _readable(entry, raw)


def _readable(item: object, raw: bytes) -> FormSubmission:
    try:
        return _item(item, raw)
    except RecursionError:  # nested deeper than any form: its neighbours are none the worse for it
        return _unreadable(raw)


def _item(item: object, raw: bytes) -> FormSubmission:
    if not isinstance(item, dict) or not item:
        return _unreadable(raw)
    data = cast("dict[str, object]", item)
    newest = _newest_conversion(data)
    fields = _fields(data)
    portal = _whole_number(data.get("portalId", data.get("portal-id")))
    form_id = _text(data.get("formId") or data.get("form-id") or newest.get("form-id"))
    submitted = _whole_number(data.get("timestamp") or data.get("submittedAt") or newest.get("timestamp"))
    email = fields.get("email", "").strip()
    email = email if len(email) <= MAX_ADDRESS_CHARACTERS else ""
    own_id = _text(data.get("formSubmissionId") or data.get("conversionId") or newest.get("conversion-id"))
    return FormSubmission(
        key=_key(own_id, portal, form_id, email, submitted, raw),
        raw=raw,
        portal_id=portal,
        form_id=form_id,
        email=email,
        fields=fields,
        page_uri=_text(data.get("pageUri") or data.get("pageUrl") or newest.get("page-url")),
        page_title=_text(data.get("pageTitle") or newest.get("title")),
        submitted_at=_moment(submitted),
    )


def _key(own_id: str, portal: int | None, form_id: str, email: str, submitted: int | None, raw: bytes) -> str:
    """HubSpot's own id; else what makes a submission this one; else its bytes."""
    if own_id:
        is_short = len(own_id) <= MAX_ID_CHARACTERS
        return f"id:{own_id}" if is_short else f"long-id:{hashlib.sha256(own_id.encode()).hexdigest()}"
    if email and submitted is not None:
        parts = f"{portal}\n{form_id}\n{email.lower()}\n{submitted}"
        return f"facts:{hashlib.sha256(parts.encode()).hexdigest()}"
    return f"bytes:{hashlib.sha256(raw).hexdigest()}"


def _fields(data: Mapping[str, object]) -> dict[str, str]:
    """Form fields by name, whichever shape they came in; blank ones are left out."""
    found: dict[str, str] = {}
    for told_name, value in _pairs(data):
        name, text = _text(told_name), _text(value)
        if text and len(found) < MAX_FIELDS:
            found.setdefault(_NAMES.get(name, name), text)
    return found


def _pairs(data: Mapping[str, object]) -> list[tuple[str, object]]:
    listed = data.get("fieldValues", data.get("values"))
    if isinstance(listed, list):
        return [(_text(entry.get("name")), entry.get("value")) for entry in _objects(cast("object", listed))]
    properties = data.get("properties")
    if isinstance(properties, dict):
        return [(name, _property(value)) for name, value in cast("dict[str, object]", properties).items()]
    return [(name, _property(value)) for name, value in data.items() if name not in _ENVELOPE]


def _property(value: object) -> object:
    """The old contact shape wraps each property as {value: ..., versions: [...]}."""
    return cast("dict[str, object]", value).get("value") if isinstance(value, dict) else value


def _newest_conversion(data: Mapping[str, object]) -> Mapping[str, object]:
    """The newest entry of the old shape's `form-submissions`, or nothing."""
    listed = _objects(data.get("form-submissions"))
    nothing: dict[str, object] = {}
    return max(listed, key=lambda entry: _whole_number(entry.get("timestamp")) or 0, default=nothing)


def _objects(listed: object) -> list[dict[str, object]]:
    """The JSON objects of a list, or nothing where it is none."""
    entries = cast("list[object]", listed) if isinstance(listed, list) else []
    return [cast("dict[str, object]", entry) for entry in entries if isinstance(entry, dict)]


def _text(value: object) -> str:
    """Text that PostgreSQL can hold: no NUL, no lone surrogate, bounded. Lists are joined as HubSpot joins choices."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(filter(None, (_text(part) for part in cast("Sequence[object]", value))))
    if not isinstance(value, str | int | float):
        return ""
    text = str(value)[:MAX_VALUE_CHARACTERS].replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1 << 62 else None


def _moment(milliseconds: int | None) -> dt.datetime | None:
    try:
        return None if milliseconds is None else dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _unreadable(raw: bytes) -> FormSubmission:
    return FormSubmission(key=f"bytes:{hashlib.sha256(raw).hexdigest()}", raw=raw, is_readable=False)
