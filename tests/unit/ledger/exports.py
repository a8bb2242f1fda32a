"""Exports made without a database, and two dozen ways in which somebody might touch one."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sales_agent.kit.canonical import canonical_json
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.chain import SealedEvent, link_hash, next_link, written
from sales_agent.ledger.audit.export import ExportHead, link_line
from sales_agent.ledger.audit.walk import Anchor, Difference
from tests.factories.ledger import make_audit_event

COUNT = 6
BEGAN = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
TENANT = UUID("01930000-0000-7000-8000-000000000001")

# The third link of six is touched; the head is line 0, so line n is link n.
THIRD = 3


def export_of(count: int = COUNT, tenant_id: UUID = TENANT) -> list[str]:
    """The lines of an export of `count` links."""
    lines, link = list[str](), None
    for n in range(count):
        at = BEGAN + dt.timedelta(minutes=n)
        event = make_audit_event(tenant_id, at=at, trace_id="", run_id=new_id(), private_encrypted="k1:AAAA")
        link = next_link(link, event, at + dt.timedelta(seconds=5))
        lines.append(link_line(written(SealedEvent(link, event))))
    head = Anchor(0, "0" * 64) if link is None else Anchor(link.sequence, link.hash)
    return [ExportHead(tenant_id, head, 0, BEGAN + dt.timedelta(days=1)).line(), *lines]


def store(folder: Path, lines: list[str]) -> Path:
    """The lines as a file."""
    file = folder / "audit.jsonl"
    file.write_bytes("".join(lines).encode())
    return file


def head_of(lines: list[str]) -> Anchor:
    """The end of an export that nobody touched, as an anchor made a minute later."""
    last = json.loads(lines[-1])
    at = dt.datetime.fromisoformat(last["sealed_at"]) + dt.timedelta(minutes=1)
    return Anchor(last["sequence"], last["hash"], at)


@dataclass(frozen=True, slots=True)
class Tampering:
    """What is done to the lines; the place and kind of the break that must be reported.

    `needs_anchor`: the file alone cannot tell, an anchor exported earlier can.
    """

    act: Callable[[list[str]], list[str]]
    differs: Difference
    broken: int = THIRD
    needs_anchor: bool = False


def changed(where: int = THIRD, **fields: object) -> Callable[[list[str]], list[str]]:
    """Change fields of a line, spelt as we spell it."""
    return lambda lines: [*lines[:where], _with(lines[where], fields), *lines[where + 1 :]]


def changed_event(where: int = THIRD, **fields: object) -> Callable[[list[str]], list[str]]:
    """Change fields of the event in a line."""

    def act(lines: list[str]) -> list[str]:
        event = json.loads(lines[where])["event"]
        return changed(where, event={**event, **fields})(lines)

    return act


def without(lines: list[str], *places: int) -> list[str]:
    return [line for n, line in enumerate(lines) if n not in places]


def inserted(lines: list[str]) -> list[str]:
    forged = _with(lines[THIRD], {"sequence": THIRD, "hash": "1" * 64})
    return [*lines[:THIRD], forged, *lines[THIRD:]]


def closed_gap(lines: list[str]) -> list[str]:
    later = [_with(line, {"sequence": n}) for n, line in enumerate(lines[THIRD + 1 :], start=THIRD)]
    return [_with(lines[0], {"count": COUNT - 1}), *lines[1:THIRD], *later]


def rehashed(lines: list[str]) -> list[str]:
    """Change the third event, and calculate its link, every later one and the first line anew."""
    lines = changed_event(actor="nobody")(lines)
    before = json.loads(lines[THIRD - 1])["hash"]
    for place in range(THIRD, len(lines)):
        link = json.loads(lines[place])
        hashed = link_hash(link["sequence"], before, link["sealed_at"], link["event"])
        lines[place] = _with(lines[place], {"previous_hash": before, "hash": hashed})
        before = hashed
    return [_with(lines[0], {"head": before}), *lines[1:]]


def cut_and_said_so(lines: list[str]) -> list[str]:
    last = json.loads(lines[4])
    return [_with(lines[0], {"count": 4, "head": last["hash"]}), *lines[1:5]]


def emptied(lines: list[str]) -> list[str]:
    return [_with(lines[0], {"count": 0, "head": "0" * 64})]


def _with(line: str, fields: dict[str, object]) -> str:
    return canonical_json({**json.loads(line), **fields}) + "\n"


def respelt(lines: list[str], replace: str, by: str) -> list[str]:
    assert replace in lines[THIRD]
    return [*lines[:THIRD], lines[THIRD].replace(replace, by, 1), *lines[THIRD + 1 :]]


STRANGER = str(new_id())

TAMPERINGS = {
    "another actor": Tampering(changed_event(actor="nobody"), Difference.EVENT),
    "another action": Tampering(changed_event(action="draft.rejected"), Difference.EVENT),
    "another subject": Tampering(changed_event(subject_id=str(new_id())), Difference.EVENT),
    "no run": Tampering(changed_event(run_id=None), Difference.EVENT),
    "another time": Tampering(changed_event(at="2026-11-02T09:02:00.000001+00:00"), Difference.EVENT),
    "another fact": Tampering(changed_event(facts={"version": 2}), Difference.EVENT),
    "one column more": Tampering(changed_event(reason="because"), Difference.EVENT),
    "other personal data": Tampering(changed_event(private_sha256="1" * 64), Difference.EVENT),
    "another time of sealing": Tampering(changed(sealed_at="2026-11-02T08:00:00.000000+00:00"), Difference.EVENT),
    "another hash": Tampering(changed(hash="1" * 64), Difference.HASH),
    "another hash before": Tampering(changed(previous_hash="1" * 64), Difference.PREVIOUS_HASH),
    "another sequence": Tampering(changed(sequence=7), Difference.SEQUENCE),
    "no event": Tampering(changed(event=None), Difference.MISSING_EVENT),
    "an event of another tenant": Tampering(changed_event(tenant_id=STRANGER), Difference.TENANT_ID),
    "another tenant in the first line": Tampering(changed(0, tenant_id=STRANGER), Difference.TENANT_ID, broken=1),
    "another event than the line names": Tampering(changed(event_id=STRANGER), Difference.LINE),
    "a line taken out": Tampering(lambda lines: without(lines, THIRD), Difference.SEQUENCE),
    "a line taken out and the gap closed": Tampering(closed_gap, Difference.PREVIOUS_HASH),
    "the first link taken out": Tampering(lambda lines: without(lines, 1), Difference.SEQUENCE, broken=1),
    "two lines swapped": Tampering(
        lambda lines: [*lines[:THIRD], lines[4], lines[THIRD], *lines[5:]], Difference.SEQUENCE
    ),
    "a line put in": Tampering(inserted, Difference.EVENT),
    "a line twice": Tampering(lambda lines: [*lines[:4], *lines[THIRD:]], Difference.SEQUENCE, broken=4),
    "a line cut in the middle": Tampering(
        lambda lines: [*lines[:THIRD], lines[THIRD][:80] + "\n", *lines[4:]], Difference.LINE
    ),
    "the file cut in the middle of a line": Tampering(
        lambda lines: [*lines[:THIRD], lines[THIRD][:80]], Difference.LINE
    ),
    "a name twice, of which readers see different ones": Tampering(
        lambda lines: respelt(lines, '"action":', '"action":"draft.rejected","action":'), Difference.LINE
    ),
    "an empty line": Tampering(lambda lines: [*lines[:THIRD], "\n", *lines[THIRD:]], Difference.LINE),
    "bytes that are no text": Tampering(lambda lines: respelt(lines, "draft", "dr\x00ft"), Difference.LINE),
    "the end cut off": Tampering(lambda lines: lines[:5], Difference.HEAD, broken=5),
    "the end cut off and the first line changed": Tampering(
        cut_and_said_so, Difference.ANCHOR_COUNT, broken=5, needs_anchor=True
    ),
    "everything calculated anew": Tampering(rehashed, Difference.ANCHOR_HASH, broken=6, needs_anchor=True),
    "everything taken away": Tampering(emptied, Difference.ANCHOR_COUNT, broken=1, needs_anchor=True),
}
