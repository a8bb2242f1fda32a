"""One command keeps the whole system alive, ends it in order, and leaves nothing that blocks the next start."""

import os
import signal
import time
from pathlib import Path

import redis

from sales_agent.embedded.redis import EmbeddedRedis

# What the system promises to need for bringing a dead part back.
BACK_WITHIN = 3.0


def lines(journal):
    return journal.read_text().splitlines()


def test_parts_start_in_order_once_the_one_before_is_ready(supervise, part, journal, tmp_path, until):
    gate = tmp_path / "gate"
    running = supervise(part("worker", ready_file=str(gate)), part("api"))
    running.wait_for("child.started", "worker")
    until(lambda: lines(journal) == ["worker up"])
    gate.touch()
    running.wait_for("child.up", "worker")
    running.wait_for("system.up", "system")

    until(lambda: lines(journal) == ["worker up", "api up"])
    assert running.names("child.up") == ["worker", "api"]
    assert running.stop() == 0


def test_sigterm_drains_the_parts_one_by_one_in_reverse_and_the_stores_last(supervise, part, journal, until):
    running = supervise(
        part("worker", drains=0.3), part("relay", drains=0.2), part("api"), stores=("postgres", "redis")
    )
    running.wait_for("system.up", "system")
    until(lambda: len(lines(journal)) == 3)

    assert running.stop() == 0

    assert lines(journal)[3:] == ["api drained", "relay drained", "worker drained"]
    assert running.names("child.stopped") == ["api", "relay", "worker"]
    assert running.names("store.stopped") == ["redis", "postgres"]
    assert running.told[-1]["kind"] == "system.stopped"


def test_a_dead_part_is_back_within_seconds(supervise, part):
    running = supervise(part("worker"), part("api"))
    first = running.wait_for("child.up", "worker")
    running.wait_for("system.up", "system")

    os.kill(first["pid"], signal.SIGKILL)
    died = running.wait_for("child.died", "worker")
    second = running.wait_for("child.up", "worker", within=BACK_WITHIN)

    assert second["pid"] != first["pid"]
    assert "signal SIGKILL" in died["detail"]
    assert "worker.log" in died["detail"]
    assert running.stop() == 0


def test_a_dead_store_is_back_within_seconds_with_what_it_held(supervise, var):
    running = supervise(stores=("redis",))
    first = running.wait_for("store.up", "redis")
    client = redis.Redis.from_url(EmbeddedRedis(var / "redis").url())
    client.rpush("interactive", "job-1")

    os.kill(first["pid"], signal.SIGKILL)
    running.wait_for("store.died", "redis")
    running.wait_for("store.up", "redis", within=BACK_WITHIN)

    assert client.llen("interactive") == 1
    assert running.stop() == 0


def test_a_part_that_cannot_live_is_named_with_its_log_and_still_tried(supervise, var):
    running = supervise({"name": "api", "argv": ["/bin/sh", "-c", "echo port taken; exit 3"]})

    told = running.wait_for("child.keeps_dying", "api")
    running.wait_for("child.started", "api", within=BACK_WITHIN)

    assert told["detail"] == f"4 times in a row; the cause is in {var}/logs/api.log"
    assert "port taken" in (var / "logs" / "api.log").read_text()
    assert running.stop() == 0


def test_a_part_whose_program_is_missing_is_told_and_brings_nothing_down(supervise, part):
    running = supervise(part("worker"), {"name": "api", "argv": ["/nowhere/api"]})
    died = running.wait_for("child.died", "api")
    assert "No such file" in died["detail"]
    assert running.stop() == 0
    assert running.names("child.stopped") == ["worker"]


def test_what_a_dead_part_left_running_is_ended_with_it(supervise, tmp_path, until):
    note = tmp_path / "grandchild"
    running = supervise(
        {"name": "api", "argv": ["/bin/sh", "-c", f"sleep 60 & echo $! > {note}.new; mv {note}.new {note}; wait"]}
    )
    leader = running.wait_for("child.up", "api")
    until(note.exists)
    grandchild = int(note.read_text())

    os.kill(leader["pid"], signal.SIGKILL)

    until(lambda: not Path(f"/proc/{grandchild}/exe").exists())
    running.stop()


def test_a_part_that_does_not_drain_in_time_is_killed(supervise, part, until, journal):
    running = supervise(part("worker", stubborn=True, stop_after_seconds=0.3))
    running.wait_for("system.up", "system")
    until(lambda: lines(journal) == ["worker up"])

    assert running.stop() == 0

    assert running.names("child.killed") == ["worker"]


def test_a_second_ctrl_c_cuts_the_draining_short(supervise, part, until, journal):
    running = supervise(part("worker", stubborn=True, stop_after_seconds=60.0), part("api"))
    running.wait_for("system.up", "system")
    until(lambda: len(lines(journal)) == 2)
    running.process.send_signal(signal.SIGINT)
    running.wait_for("child.stopped", "api")
    begun = time.monotonic()

    assert running.stop(signal.SIGINT) == 0

    assert time.monotonic() - begun < 5
    assert running.names("child.killed") == ["worker"]


def test_ctrl_c_in_the_terminal_does_not_reach_the_parts_themselves(supervise, part, journal, until):
    running = supervise(part("worker", drains=0.3), part("api"))
    running.wait_for("system.up", "system")
    until(lambda: len(lines(journal)) == 2)

    os.killpg(running.process.pid, signal.SIGINT)
    running.wait_for("system.stopped", "system")

    assert running.names("child.stopped") == ["api", "worker"]
    assert running.process.wait(5) == 0


def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next_one(supervise, part, until, journal):
    plan = (part("worker", stubborn=True), part("api"))
    first = supervise(*plan, stores=("postgres", "redis"))
    first.wait_for("system.up", "system")
    until(lambda: len(lines(journal)) == 2)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    stubborn = next(event["pid"] for event in first.told if event["name"] == "worker" and event["pid"])
    begun = time.monotonic()

    second = supervise(*plan, stores=("postgres", "redis"))
    second.wait_for("system.up", "system")

    assert time.monotonic() - begun < 8
    assert second.names("orphan.ended") == ["worker"]
    assert not Path(f"/proc/{stubborn}/exe").exists()
    assert "api drained" in lines(journal)
    second.stop()


def test_two_supervisors_never_run_on_one_folder(supervise, part):
    first = supervise(part("worker"))
    up = first.wait_for("system.up", "system")
    assert up["name"] == "system"

    second = supervise(part("worker"))

    assert second.process.wait(10) == 1
    assert first.process.poll() is None
    assert first.stop() == 0
    assert first.names("child.died") == []


def test_each_part_has_a_log_and_the_last_runs_keep_theirs(supervise, part, var, until):
    for _ in range(2):
        running = supervise(part("api"))
        running.wait_for("system.up", "system")
        until(lambda: "hello" in (var / "logs" / "api.log").read_text())
        running.stop()

    assert (var / "logs" / "api.log").read_text() == "hello from a part\n"
    assert (var / "logs" / "api.log.1").read_text() == "hello from a part\n"
