"""Anchors as lines of a file that only grows: kept where whoever can write the database cannot reach."""

import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from sales_agent.kit.errors import InvalidInput
from sales_agent.ledger.audit.walk import Anchor


class AnchorsUnreadable(InvalidInput):
    """A line of this file is not an anchor."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant_id: UUID
    sequence: int
    hash: str
    at: AwareDatetime | None


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """An anchor and whose it is."""

    tenant_id: UUID
    anchor: Anchor


def anchors_file(folder: Path, tenant_id: UUID) -> Path:
    """Where the anchors of a tenant lie."""
    return folder / f"{tenant_id}.jsonl"


def append_anchor(folder: Path, tenant_id: UUID, anchor: Anchor) -> None:
    """Add a line and return when it is on the disk; blocks. One writer at a time, whichever process it is.

    A line that a crash tore is left as it is: this may be a share on which nothing can be changed.
    """
    file = anchors_file(folder, tenant_id)
    line = _Line(tenant_id=tenant_id, sequence=anchor.sequence, hash=anchor.hash, at=anchor.at).model_dump_json() + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    is_new = not file.exists()
    with file.open("ab+", buffering=0) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write(_end_of_torn_line(stream) + line.encode())
        os.fsync(stream.fileno())
    if is_new:
        _keep_name(folder)


def read_anchors(file: Path) -> Sequence[AnchorLine]:
    """Every anchor of a file. Raises AnchorsUnreadable with the number of the line, OSError."""
    found: list[AnchorLine] = []
    with file.open(encoding="utf-8", errors="replace") as stream:
        for number, text in enumerate(stream, start=1):
            try:
                line = _Line.model_validate_json(text)
            except ValidationError as error:
                raise AnchorsUnreadable(f"{file}, line {number}") from error
            found.append(AnchorLine(line.tenant_id, Anchor(line.sequence, line.hash, line.at)))
    return found


def _end_of_torn_line(stream: BinaryIO) -> bytes:
    if stream.seek(0, os.SEEK_END) == 0:
        return b""
    stream.seek(-1, os.SEEK_END)
    return b"" if stream.read(1) == b"\n" else b"\n"


def _keep_name(folder: Path) -> None:
    """A new file is there after a crash only when its folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
