"""A draft's words between Python and JSON, and the digest by which an approval names exactly these words."""

import hashlib
import json
from collections.abc import Sequence

from pydantic import TypeAdapter

from sales_agent.content import DraftContent, Finding
from sales_agent.kit.storable import storable_json

_CONTENT = TypeAdapter(DraftContent)
_FINDINGS = TypeAdapter(tuple[Finding, ...])


def content_document(content: DraftContent) -> dict[str, object]:
    """The words as a JSON document that the database can hold."""
    return storable_json(_CONTENT.dump_python(content, mode="json"))


def content_of(document: object) -> DraftContent:
    """The words of a stored document."""
    return _CONTENT.validate_python(document)


def findings_document(findings: Sequence[Finding]) -> list[object]:
    """Findings as a JSON document that the database can hold."""
    return storable_json(_FINDINGS.dump_python(tuple(findings), mode="json"))


def findings_of(document: object) -> tuple[Finding, ...]:
    """The findings of a stored document."""
    return _FINDINGS.validate_python(document)


def body_hash(subject: str, body: str) -> str:
    """SHA-256, in hex, over subject and body.

    Line ends are made equal first, since mail changes them on its way; the border between the two cannot be moved.
    """
    canonical = json.dumps([_equal_ends(subject), _equal_ends(body)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _equal_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
