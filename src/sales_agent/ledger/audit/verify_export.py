"""Checking an export with nothing but the file: no database, no settings, no word of the house that wrote it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from sales_agent.kit.canonical import canonical_json
from sales_agent.kit.errors import InvalidInput
from sales_agent.ledger.audit.anchors import AnchorLine
from sales_agent.ledger.audit.chain import WrittenLink
from sales_agent.ledger.audit.export import FORMAT, VERSION
from sales_agent.ledger.audit.verify import Verification, nothing_to_tell
from sales_agent.ledger.audit.walk import Anchor, Break, ChainWalk, Difference

# Facts are ids, codes and counts: a line longer than this is none of ours, and shall not fill the memory.
MAX_LINE_BYTES = 4 * 1024 * 1024

# Lines between two words of progress.
TELL_EVERY = 1000


class NotAnExport(InvalidInput):
    """This is not an export of the audit trail that this release can read."""


class AnchorsOfAnotherTenant(InvalidInput):
    """None of the anchors belongs to the tenant of this export."""


class _Head(BaseModel):
    """The first line, strictly."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: str
    version: int
    tenant_id: str
    count: int
    head: str
    unsealed: int
    exported_at: str


class _Line(BaseModel):
    """A link's line, strictly."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sequence: int
    event_id: str
    sealed_at: str
    previous_hash: str
    hash: str
    event: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class CheckedExport:
    """What a file says, and whether it may be believed: `tenant_id` and `exported_at` are its own word."""

    tenant_id: UUID
    exported_at: str
    count: int
    found: Verification


def verify_export(
    file: Path, anchors: Sequence[AnchorLine] = (), *, progress: Callable[[int], None] = nothing_to_tell
) -> CheckedExport:
    """Calculate every link anew; `progress` hears now and then how many are whole.

    Raises NotAnExport, AnchorsOfAnotherTenant, OSError.
    """
    with file.open("rb") as stream:
        head = _read_head(stream)
        ours = [line.anchor for line in anchors if line.tenant_id == UUID(head.tenant_id)]
        if anchors and not ours:
            raise AnchorsOfAnotherTenant(head.tenant_id)
        walk = ChainWalk(ours)
        _walk(stream, head, walk, progress)
    found = Verification(walk.head.sequence, walk.broken, head.unsealed, walk.head, walk.anchors_met)
    return CheckedExport(UUID(head.tenant_id), head.exported_at, head.count, found)


def _read_head(stream: BinaryIO) -> _Head:
    try:
        head = _Head.model_validate(_content(stream.readline(MAX_LINE_BYTES)))
        UUID(head.tenant_id)
    except (ValueError, RecursionError) as error:
        raise NotAnExport from error
    if (head.format, head.version) != (FORMAT, VERSION):
        raise NotAnExport(f"it says {head.format} {head.version}, this release reads {FORMAT} {VERSION}")
    return head


def _walk(stream: BinaryIO, head: _Head, walk: ChainWalk, progress: Callable[[int], None]) -> None:
    number = 1
    while raw := stream.readline(MAX_LINE_BYTES):
        number += 1
        link = _read_link(raw)
        fault = _fault_of_line(link, number, head, walk.head.sequence + 1)
        if link is None or fault is not None:
            walk.broken = walk.broken or fault
            return
        walk.take(link)
        if walk.is_over:
            return
        if number % TELL_EVERY == 0:
            progress(walk.head.sequence)
    walk.end()
    if walk.broken is None and walk.head != Anchor(head.count, head.head):
        says = f"the first line speaks of {head.count} links: the end was cut off, or that line was changed"
        walk.broken = Break(walk.head.sequence + 1, "", Difference.HEAD, says)


def _fault_of_line(link: WrittenLink | None, number: int, head: _Head, place: int) -> Break | None:
    """What is wrong with a line in itself, whatever stands before it."""
    if link is None:
        return Break(place, "", Difference.LINE, f"line {number} is not as an export writes it")
    if link.event is None:
        return None
    if link.event.get("tenant_id") != head.tenant_id:
        return Break(place, link.event_id, Difference.TENANT_ID, f"line {number} belongs to another tenant")
    if link.event.get("id") != link.event_id:
        return Break(place, link.event_id, Difference.LINE, f"line {number} names another event than it holds")
    return None


def _read_link(raw: bytes) -> WrittenLink | None:
    try:
        line = _Line.model_validate(_content(raw))
    except (ValueError, RecursionError):
        return None
    return WrittenLink(line.sequence, line.event_id, line.sealed_at, line.previous_hash, line.hash, line.event)


def _content(raw: bytes) -> object:
    """The JSON of a line; ValueError unless it is spelt as we spell it: no name twice, no space, no odd number."""
    text = raw.decode().removesuffix("\n")
    content: object = json.loads(text)
    if canonical_json(content) != text:
        raise ValueError("spelt in another way")
    return content
