"""The commands that a refused major version is answered with do carry the data over."""

import shlex
import subprocess
import sys

import psycopg
import pytest

from sales_agent.embedded.errors import EmbeddedMajorMismatch
from sales_agent.embedded.postgres import EmbeddedPostgres


@pytest.fixture
def commands(var):
    """Dump, put aside and restore, as the refusal names them; the folder is left as it was found."""
    data = var / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedMajorMismatch) as refused:
        EmbeddedPostgres(data).start()
    (data / "PG_VERSION").unlink()
    named = [line.split(":  ", 1)[1].strip() for line in str(refused.value).splitlines() if ":  " in line]
    return [shlex.split(command) for command in named]


def test_what_was_dumped_by_the_named_commands_is_there_after_the_restore(var, commands, start_alone):
    run_old, dump, put_aside, run_new, restore = commands
    assert run_old == run_new == ["python", "-m", "sales_agent.embedded", str(var / "postgres")]
    old = start_alone(run_old)
    with psycopg.connect(EmbeddedPostgres(var / "postgres").migration_url) as session:
        session.execute("create role directory nologin")
        session.execute("create table kept (word text, meaning vector(2))")
        session.execute("grant select on kept to sales_agent_app")
        session.execute("insert into kept values ('carried', '[1,2]')")
    subprocess.run(dump, check=True)
    old.terminate()
    assert old.wait(10) == 0
    subprocess.run(put_aside, check=True)

    start_alone(run_new)
    subprocess.run(restore, check=True, capture_output=True)

    with psycopg.connect(EmbeddedPostgres(var / "postgres").app_url) as session:
        assert session.execute("select word, meaning::text from kept").fetchone() == ("carried", "[1,2]")


@pytest.fixture
def start_alone():
    started = []

    def start(command):
        process = subprocess.Popen([sys.executable, *command[1:]], stderr=subprocess.PIPE, text=True)
        started.append(process)
        while "system.up" not in process.stderr.readline():
            assert process.poll() is None
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate()
