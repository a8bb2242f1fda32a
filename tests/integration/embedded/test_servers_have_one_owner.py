"""A data folder has one owner; when it dies, however it dies, the next one is not kept waiting."""

import os
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest
import redis

from sales_agent.embedded.account import server_account
from sales_agent.embedded.child import start_child
from sales_agent.embedded.errors import EmbeddedAlreadyRunning, EmbeddedStartedOffMainThread
from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis

SERVERS = {"postgres": EmbeddedPostgres, "redis": EmbeddedRedis}

# "Within seconds": what a person waits without wondering.
SECONDS = 5.0


def answers(server):
    if isinstance(server, EmbeddedRedis):
        return redis.Redis.from_url(server.url()).ping()
    with psycopg.connect(server.app_url) as session:
        return session.execute("select true").fetchone()[0]


@pytest.mark.parametrize("kind", SERVERS)
def test_a_second_owner_is_refused_and_told_who_the_first_is(hold, var, kind):
    owner, server_pid = hold(kind, var / kind)
    second = SERVERS[kind](var / kind)

    with pytest.raises(EmbeddedAlreadyRunning, match=f"Process {owner.pid} holds {var}/{kind}.lock"):
        second.start()

    os.kill(server_pid, 0)  # the refused one has not touched it
    assert second.holder() == owner.pid


@pytest.mark.parametrize("kind", SERVERS)
def test_a_folder_without_an_owner_has_no_holder(var, kind):
    server = SERVERS[kind](var / kind)
    assert server.holder() is None
    with server:
        assert server.holder() == os.getpid()
    assert server.holder() is None


@pytest.mark.parametrize("kind", SERVERS)
def test_the_folder_of_a_killed_owner_is_taken_over_within_seconds(hold, var, kind):
    owner, orphan_pid = hold(kind, var / kind)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    begun = time.monotonic()

    with SERVERS[kind](var / kind) as server:
        assert time.monotonic() - begun < SECONDS
        assert answers(server)
        assert server.pid != orphan_pid


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_ends_by_itself_when_its_owner_is_killed(hold, var, until, kind):
    owner, orphan_pid = hold(kind, var / kind)
    owner.send_signal(signal.SIGKILL)
    owner.wait()

    until(lambda: not Path(f"/proc/{orphan_pid}/exe").exists(), within=SECONDS)


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_outlived_its_owner_is_ended_in_favour_of_ours(hold, var, kind):
    owner, orphan_pid = hold(kind, var / kind)
    os.kill(orphan_pid, signal.SIGSTOP)  # now it cannot notice that its owner dies
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    begun = time.monotonic()

    with SERVERS[kind](var / kind) as server:
        assert time.monotonic() - begun < SECONDS
        assert answers(server)
    assert not Path(f"/proc/{orphan_pid}/exe").exists()


def test_a_pid_file_that_names_a_stranger_blocks_no_start(var):
    data = var / "postgres"
    with EmbeddedPostgres(data, fsync=False):
        pid_file = (data / "postmaster.pid").read_text()
    with (var / "stranger.log").open("wb") as log:
        stranger = start_child(["/bin/sleep", "60"], env={}, log=log, dies_by=signal.SIGKILL, account=server_account())
    first, rest = pid_file.split("\n", 1)
    assert first.isdigit()
    (data / "postmaster.pid").write_text(f"{stranger.pid}\n{rest}")

    with EmbeddedPostgres(data, fsync=False) as server:
        assert answers(server)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_server_is_started_by_the_main_thread_or_not_at_all(var):
    refusals = []

    def start():
        try:
            EmbeddedRedis(var / "redis").start()
        except EmbeddedStartedOffMainThread as refusal:
            refusals.append(refusal)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert len(refusals) == 1
    assert EmbeddedRedis(var / "redis").holder() is None
