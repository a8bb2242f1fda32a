"""The commands that README, runbooks and continuous integration name are there and explain themselves."""

import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PROMISED = {"help", "setup", "demo", "run", "test", "test-all", "check", "bench", "check-secrets", "smoke-formlead"}


def test_make_help_lists_every_promised_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout
    explained = {line.split(maxsplit=1)[0] for line in listed.splitlines() if len(line.split()) > 1}
    assert explained >= PROMISED


def test_continuous_integration_runs_what_a_developer_runs() -> None:
    commands = (CHECKOUT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert commands[-2:] == ["make check", "make test"]
