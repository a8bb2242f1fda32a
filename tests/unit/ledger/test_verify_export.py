"""An export proves itself, without the house that wrote it; whatever is touched in one is found and named."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.anchors import (
    AnchorLine,
    AnchorsUnreadable,
    anchors_file,
    append_anchor,
    read_anchors,
)
from sales_agent.ledger.audit.verify_export import AnchorsOfAnotherTenant, NotAnExport, verify_export
from sales_agent.ledger.audit.walk import START, Anchor, Difference
from tests.unit.ledger.exports import COUNT, TAMPERINGS, TENANT, Tampering, export_of, head_of, store


def test_an_export_nobody_touched_is_whole(tmp_path: Path):
    lines = export_of()
    checked = verify_export(store(tmp_path, lines), [AnchorLine(TENANT, head_of(lines))])
    assert (checked.tenant_id, checked.count, checked.found.ok) == (TENANT, COUNT, True)
    assert (checked.found.sealed_to, checked.found.anchors) == (COUNT, 1)


def test_the_export_of_a_tenant_without_events_is_whole(tmp_path: Path):
    checked = verify_export(store(tmp_path, export_of(0)))
    assert (checked.found.ok, checked.found.sealed_to, checked.found.head) == (True, 0, START)


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_tampering_is_found_and_the_first_broken_link_is_named(tampering: Tampering, tmp_path: Path):
    lines = export_of()
    head = head_of(lines)
    event_ids = ["", *(json.loads(line)["event_id"] for line in lines[1:])]
    file = store(tmp_path, tampering.act(lines))

    alone = verify_export(file)
    assert alone.found.ok is tampering.needs_anchor
    with_anchor = verify_export(file, [AnchorLine(alone.tenant_id, head)]).found
    found = with_anchor if tampering.needs_anchor else alone.found

    assert with_anchor.broken is not None
    assert found.broken is not None
    assert (found.broken.sequence, found.broken.differs) == (tampering.broken, tampering.differs)
    assert found.sealed_to == tampering.broken - 1
    if tampering.differs in {Difference.EVENT, Difference.HASH, Difference.PREVIOUS_HASH, Difference.MISSING_EVENT}:
        assert found.broken.event_id in event_ids


def test_there_are_twenty_kinds_of_tampering_and_more():
    assert len(TAMPERINGS) > 20


def test_an_anchor_older_than_its_link_is_no_proof(tmp_path: Path):
    lines = export_of()
    early = replace(head_of(lines), at=dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC))
    broken = verify_export(store(tmp_path, lines), [AnchorLine(TENANT, early)]).found.broken
    assert broken is not None
    assert (broken.sequence, broken.differs) == (COUNT, Difference.ANCHOR_TIME)


def test_anchors_of_another_tenant_prove_nothing_and_are_refused(tmp_path: Path):
    with pytest.raises(AnchorsOfAnotherTenant):
        verify_export(store(tmp_path, export_of()), [AnchorLine(new_id(), Anchor(1, "0" * 64))])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}\n",
        "not json\n",
        "[" * 100_000,
        '{"count":0,"exported_at":"","format":"other","head":"","tenant_id":"x","unsealed":0,"version":1}\n',
        export_of(0)[0].replace('"version":1', '"version":2'),
    ],
    ids=["empty", "empty object", "no json", "deep", "another format", "a later version"],
)
def test_what_is_no_export_is_said_to_be_none(tmp_path: Path, text: str):
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(NotAnExport):
        verify_export(file)


def test_progress_is_told_on_a_long_file(tmp_path: Path):
    told: list[int] = []
    assert verify_export(store(tmp_path, export_of(2500)), progress=told.append).found.ok
    assert told == [999, 1999]


def test_anchors_are_added_line_by_line_and_read_again(tmp_path: Path):
    folder, at = tmp_path / "a" / "share", dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    anchors = [Anchor(1, "1" * 64, at), Anchor(5, "5" * 64, at)]
    for anchor in anchors:
        append_anchor(folder, TENANT, anchor)
    assert read_anchors(anchors_file(folder, TENANT)) == [AnchorLine(TENANT, anchor) for anchor in anchors]


def test_a_line_that_a_crash_tore_stays_and_the_next_begins_on_its_own(tmp_path: Path):
    at = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    file = anchors_file(tmp_path, TENANT)
    file.write_text('{"tenant_id":')
    append_anchor(tmp_path, TENANT, Anchor(1, "1" * 64, at))
    torn, whole = file.read_text().splitlines()
    assert torn == '{"tenant_id":'
    assert UUID(json.loads(whole)["tenant_id"]) == TENANT
    with pytest.raises(AnchorsUnreadable, match="line 1"):
        read_anchors(file)
