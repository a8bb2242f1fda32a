"""The command line explains itself, at once, and refuses in sentences."""

import subprocess
import sys
import time

import pytest

COMMANDS = [
    ["up"], ["demo"], ["smoke-formlead"], ["check-secrets"], ["migrate"], ["setup"], ["status"], ["api"], ["worker"],
    ["relay"], ["schedule"], ["sandbox"], ["keys"], ["keys", "create"], ["keys", "list"], ["keys", "revoke"],
    ["users"], ["users", "create"], ["users", "list"], ["users", "set-password"], ["users", "disable"],
    ["effects"], ["effects", "list"], ["effects", "release"], ["audit"], ["audit", "export"], ["audit", "verify"],
]  # fmt: skip


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with nothing but this environment."""
    return subprocess.run(
        [sys.executable, "-m", "sales_agent.cli", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", **environment},
        cwd="/",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]):
    done = run(*command, "--help")

    assert done.returncode == 0
    assert "Usage:" in done.stdout
    assert len(done.stdout.splitlines()) > 5


def test_help_does_not_wait_for_what_it_does_not_need():
    listed = "import sys; import sales_agent.cli; print(sorted({'sqlalchemy', 'fastapi', 'celery'} & set(sys.modules)))"
    began = time.monotonic()

    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    assert time.monotonic() - began < 10


def test_a_setting_that_cannot_be_read_is_named_with_what_is_wrong(tmp_path):
    done = run("up", PORT="eighty", DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert "PORT: Input should be a valid integer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "way_out"),
    [
        ("SELLER_TIME_ZONE", "Berlin", "Europe/Berlin"),
        ("SELLER_COUNTRY", "Germany", "DE"),
        ("WORKING_HOURS", "17:30-09:00", "09:00-17:30"),
        ("DATABASE_URL", "mysql://db.fabrikam.example/sales", "postgresql://"),
    ],
)
def test_a_setting_of_no_use_is_refused_with_where_it_stands_and_what_to_write(
    tmp_path, name: str, value: str, way_out: str
):
    done = run("up", DATA_DIR=str(tmp_path), **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"{name}: ")
    assert way_out in done.stderr
    assert "(in .env or the environment)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_part_alone_wants_stores_that_run(tmp_path):
    done = run("worker", DATA_DIR=str(tmp_path / "var"))

    assert done.returncode == 1
    assert "sales-agent up" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_told_in_a_sentence(tmp_path):
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    done = run("keys", "list", DATABASE_URL=nowhere, DATA_DIR=str(tmp_path / "var"))

    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(tmp_path):
    done = run("keys", "create", "--name", "me", "--scope", "everything", DATA_DIR=str(tmp_path / "var"))

    assert done.returncode == 2
    assert "read, operate, admin, owner, demo" in done.stderr


def test_status_of_nothing_says_how_to_begin(tmp_path):
    done = run("status", DATA_DIR=str(tmp_path / "var"))

    assert done.returncode == 1
    assert "sales-agent up" in done.stdout
