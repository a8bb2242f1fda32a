"""Lists of whom not to write to, as files: read line by line so that a bad line spoils no other, and written as CSV."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from sales_agent.controls.models import Suppression, SuppressionKind, SuppressionReason
from sales_agent.controls.suppression_entries import address_entry, digest_entry, domain_entry, is_digest
from sales_agent.controls.suppression_repository import NewSuppression
from sales_agent.kit.errors import InvalidInput, TooLarge

# About two seconds of work; whoever has more sends it in parts.
MOST_LINES: Final = 50_000

EXPORTED: Final = ("kind", "address_digest", "domain", "reason", "source", "since")

# How columns are called elsewhere; keys of JSON lines have the same names.
_COLUMNS: Final = {
    **dict.fromkeys(("address", "email", "e-mail", "mail", "email address", "email_address"), "address"),
    **dict.fromkeys(("address_digest", "digest", "sha256"), "digest"),
    **{name: name for name in ("domain", "kind", "reason")},
}
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_SEPARATORS: Final = ",;\t"

# What a spreadsheet takes for the beginning of a formula.
_FORMULA: Final = tuple("=+-@\t\r")

Row = Mapping[str, str]


class ListNotUnderstood(InvalidInput):
    """The list is not text in UTF-8."""


class ListTooLong(TooLarge):
    """The list has more lines than are taken at once; send it in parts."""


class LineNotUnderstood(InvalidInput):
    """This line is neither a line of CSV nor a JSON object with an address, a digest or a domain."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out; `says` does not repeat it."""

    line: int
    says: str


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """A file as read: its entries, some perhaps twice, and the lines that are none."""

    entries: tuple[NewSuppression, ...]
    bad: tuple[BadLine, ...]


def read_list(raw: bytes, *, reason: SuppressionReason) -> SuppressionList:
    """The entries of a CSV or JSON lines file; `reason` is that of lines without one of their own.

    CSV with a header is read by the names of its columns, without one by its first column alone. Raises
    ListNotUnderstood, ListTooLong.
    """
    try:
        lines = _LINE_END.split(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ListNotUnderstood from error
    if len(lines) > MOST_LINES:
        raise ListTooLong(most_lines=MOST_LINES)
    numbered = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    entries: list[NewSuppression] = []
    bad: list[BadLine] = []
    for number, row_of in _rows(numbered):
        try:
            entries.append(_entry(row_of(), reason))
        except InvalidInput as error:
            bad.append(BadLine(number, error.title()))
    return SuppressionList(tuple(entries), tuple(bad))


def written_list(entries: Iterable[Suppression], *, with_header: bool) -> str:
    """Entries as lines of CSV that can be read here and elsewhere, and that no spreadsheet takes for formulas."""
    file = io.StringIO()
    writer = csv.writer(file)
    if with_header:
        writer.writerow(EXPORTED)
    for entry in entries:
        digest = entry.address_digest if entry.kind == SuppressionKind.ADDRESS else ""
        cells = (entry.kind, digest, entry.domain or "", entry.reason, entry.source, entry.created_at.isoformat())
        writer.writerow([_harmless(cell) for cell in cells])
    return file.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(numbered: list[tuple[int, str]]) -> Iterator[tuple[int, Callable[[], Row]]]:
    """Each line's number, and how to read it, which may raise LineNotUnderstood."""
    if not numbered:
        return
    first = numbered[0][1]
    if first.startswith("{"):
        yield from ((number, lambda line=line: _json_row(line)) for number, line in numbered)
        return
    separator = max(_SEPARATORS, key=first.count)
    names = [_COLUMNS.get(cell.strip().lower(), "") for cell in _cells(first, separator)]
    has_header = any(names)
    for number, line in numbered[1:] if has_header else numbered:
        yield number, lambda line=line: _csv_row(line, separator, names if has_header else None)


def _csv_row(line: str, separator: str, names: list[str] | None) -> Row:
    cells = [cell.strip() for cell in _cells(line, separator)]
    if names is None:
        return {_meant_by(cells[0]): cells[0], "kind": SuppressionKind.DOMAIN}
    row = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
    return row if {"address", "digest"} & set(names) else {"kind": SuppressionKind.DOMAIN, **row}


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except (csv.Error, StopIteration) as error:
        raise LineNotUnderstood from error


def _json_row(line: str) -> Row:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineNotUnderstood from error
    if not isinstance(document, dict):
        raise LineNotUnderstood
    fields = cast("Mapping[str, object]", document)
    row = {_COLUMNS.get(name.lower(), ""): value.strip() for name, value in fields.items() if isinstance(value, str)}
    return row if {"address", "digest"} & set(row) else {"kind": SuppressionKind.DOMAIN, **row}


def _meant_by(written: str) -> str:
    if is_digest(written):
        return "digest"
    return "address" if "@" in written[1:] else "domain"


def _entry(row: Row, reason: SuppressionReason) -> NewSuppression:
    """A domain beside an address is where that person works: only where a domain is meant is all of it suppressed."""
    told = row.get("reason") or reason
    if row.get("digest"):
        return digest_entry(row["digest"], told)
    if row.get("address"):
        return address_entry(row["address"], told)
    if row.get("domain") and row.get("kind") == SuppressionKind.DOMAIN:
        return domain_entry(row["domain"], told)
    raise LineNotUnderstood
