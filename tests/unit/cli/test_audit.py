"""An auditor needs the file, the anchors and this program: no database, no settings."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sales_agent.ledger.audit.anchors import anchors_file, append_anchor
from tests.unit.ledger.exports import COUNT, TAMPERINGS, TENANT, export_of, head_of, store

# None of these settings can be read: whoever looked at them would say so.
UNREADABLE = {"PORT": "eighty", "DATABASE_URL": "mysql://db.fabrikam.example/sales", "SELLER_TIME_ZONE": "Berlin"}


def verify(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sales_agent.cli", "audit", "verify", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", **UNREADABLE},
        cwd="/",
        timeout=60,
        check=False,
    )


@pytest.fixture
def lines() -> list[str]:
    return export_of()


@pytest.fixture
def anchors(lines: list[str], tmp_path: Path) -> Path:
    append_anchor(tmp_path, TENANT, head_of(lines))
    return anchors_file(tmp_path, TENANT)


def test_a_whole_export_is_said_to_be_whole(lines: list[str], anchors: Path, tmp_path: Path):
    done = verify(store(tmp_path, lines), "--anchors", anchors)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Whole: sealed to {COUNT}" in done.stdout
    assert "1 anchor agrees." in done.stdout


def test_without_anchors_it_says_what_nobody_would_notice(lines: list[str], tmp_path: Path):
    done = verify(store(tmp_path, lines))
    assert done.returncode == 0
    assert "a cut-off end would go unnoticed" in done.stdout


def test_the_first_broken_link_is_named_with_its_event_and_what_differs(lines: list[str], tmp_path: Path):
    event_id = json.loads(lines[3])["event_id"]
    done = verify(store(tmp_path, TAMPERINGS["another hash"].act(lines)))
    assert done.returncode == 1
    assert f"BROKEN at link 3 (event {event_id}): hash." in done.stdout
    assert "sealed to 2" in done.stdout


def test_a_cut_off_end_is_noticed_by_the_anchor(lines: list[str], anchors: Path, tmp_path: Path):
    file = store(tmp_path, TAMPERINGS["the end cut off and the first line changed"].act(lines))
    assert verify(file).returncode == 0
    done = verify(file, "--anchors", anchors, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["sealed_to"]) == (1, False, 4)
    assert (found["broken"]["sequence"], found["broken"]["differs"]) == (5, "anchor_count")
    assert "counts 6 links" in found["broken"]["says"]


def test_what_is_no_export_is_refused_in_a_sentence(tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("Dear auditor\n")
    done = verify(file)
    assert done.returncode == 1
    assert "not an export of the audit trail" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_line_of_anchors_that_cannot_be_read_is_named(lines: list[str], anchors: Path, tmp_path: Path):
    with anchors.open("a") as stream:
        stream.write("torn\n")
    done = verify(store(tmp_path, lines), "--anchors", anchors)
    assert done.returncode == 1
    assert "line 2" in done.stderr


def test_an_export_that_failed_leaves_no_file_in_the_way(tmp_path: Path):
    out = tmp_path / "audit.jsonl"
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "DATA_DIR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "-m", "sales_agent.cli", "audit", "export", "--out", str(out)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "TERM": "dumb", **nowhere},
        cwd="/",
        timeout=60,
        check=False,
    )
    assert (done.returncode, out.exists()) == (1, False)
    assert "The database cannot be reached" in done.stderr


def test_an_export_over_a_file_that_exists_is_refused_with_what_to_do(tmp_path: Path):
    out = tmp_path / "audit.jsonl"
    out.write_text("earlier\n")
    done = subprocess.run(
        [sys.executable, "-m", "sales_agent.cli", "audit", "export", "--out", str(out)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "300", "NO_COLOR": "1", "TERM": "dumb", **UNREADABLE},
        cwd="/",
        timeout=60,
        check=False,
    )
    assert (done.returncode, out.read_text()) == (2, "earlier\n")
    assert "exists already, and an export overwrites nothing: name another file, or `-` for stdout" in done.stderr
