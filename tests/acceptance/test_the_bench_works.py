"""The bench measures what it says: every part runs, nothing that was accepted is missing, and its files are written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sales_agent.config import ROOT


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_quick_run_prints_ratios_and_writes_them_down(tmp_path: Path):
    command = [sys.executable, "-m", "bench", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "latest.json").read_text())
    assert all(ratio["times"]["median"] > 0 for ratio in written["ratios"])
    assert all(ratio["what"] in done.stdout for ratio in written["ratios"])
    assert set(written["leads"]["per_minute"]) == {"ours", "prefork", "threads"}
    picture = (tmp_path / "latest.svg").read_text()
    assert picture.count("<text") > len(written["ratios"])
    assert picture.endswith("</svg>\n")
