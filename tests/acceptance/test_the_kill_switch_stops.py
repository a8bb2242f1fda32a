"""After a stop is answered no send begins, in any process, until somebody resumes; then only what is asked for anew.

What begins is what arrives at the mailbox, told by the mailbox's clock, which is the machine's. Each stop comes at
another moment of the sending of 50 mails (fixed seeds), once with a Redis that dies just then. What was in flight is
reported, what was queued is cancelled, and neither a restart of every process nor a dead Redis lets anything out.
"""

import os
import random
import signal
import time
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from sales_agent.embedded.redis import EmbeddedRedis
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.sandbox.faults import FaultKind
from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import last_entry
from tests.acceptance.processes import eventually
from tests.acceptance.real_sends import (
    SEND,
    act,
    approve_and_send,
    approve_and_send_at_one_moment,
    asked,
    come_to_rest,
    each_left_once,
    for_real,
    laid_drafts,
    mails,
    run_job,
    start_workers,
    states,
    wait_until_sent,
)
from tests.acceptance.stopping import STOPPERS, Stopped, by_password
from tests.acceptance.system import System

QUEUED = 50
# Of the requests at the mailbox so many are still unanswered when the stop comes.
IN_THE_AIR = 2
# The schedule's jobs that may queue or send something.
STIRRING = (JobKind.RELEASE_HELD, JobKind.WATCH_MAILBOX, JobKind.SETTLE_EFFECTS)

SEEDS = range(20270113, 20270133)
WAYS = ("password", "session", "key")
ROUNDS = [(WAYS[number % len(WAYS)], number % 4 == 1, seed) for number, seed in enumerate(SEEDS)]


def selling(make_system: MakeSystem, workers: int) -> tuple[System, int]:
    """A system with so many workers, each with few jobs in hand, so that there is a queue to stop."""
    password = SecretStr("of the whole installation")
    system = make_system(
        **for_real(admin_password=password, worker_concurrency=4, lease_seconds=10.0, database_pool_size=5)
    )
    system.start("api", "relay", "schedule")
    start_workers(system, workers)
    return system, workers


@pytest.fixture(scope="module")
def two_workers(make_system: MakeSystem) -> tuple[System, int]:
    return selling(make_system, 2)


@pytest.fixture(scope="module")
def eight_workers(make_system: MakeSystem) -> tuple[System, int]:
    return selling(make_system, 8)


def begin_sending(system: System, moment: random.Random) -> tuple[list[Any], int]:
    """50 sends are queued, and a stop is due: the drafts, and where in the journal they begin."""
    drafts, begun = laid_drafts(system, QUEUED), last_entry(system.sandbox)
    arrived = moment.randrange(IN_THE_AIR + 1, QUEUED // 2)
    first = moment.randrange(1, arrived - IN_THE_AIR + 1)
    system.sandbox.fault(FaultKind.ACT_THEN_HOLD, path=SEND, nth=first, times=IN_THE_AIR)
    approve_and_send_at_one_moment(system, drafts)
    system.sandbox.wait_for_request(SEND, count=arrived, since=begun)
    time.sleep(moment.random() * 0.05)
    assert system.sandbox.faults()[0]["caught"] == IN_THE_AIR
    return drafts, begun


def began_after(system: System, since: int, stopped: Stopped) -> list[Mapping[str, Any]]:
    answered = stopped.answered_at.isoformat(timespec="milliseconds")
    return [entry for entry in asked(system, since) if entry["time"] >= answered]


def stir(system: System) -> None:
    for kind in STIRRING:
        run_job(system, kind)
    come_to_rest(system)


def die(server: EmbeddedRedis) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)


def stop_in_the_midst(
    running: tuple[System, int], redis: EmbeddedRedis, way: str, seed: int, *, redis_dies: bool
) -> None:
    system, workers = running
    stopper = STOPPERS[way](system)
    drafts, begun = begin_sending(system, random.Random(seed))
    if redis_dies:
        die(redis)
    stopped = stopper.stop()

    assert stopped.answer["in_flight_when_stopped"] >= IN_THE_AIR
    assert (stopped.answer["status"], stopped.answer["scope"]) == ("emergency_stop_active", stopper.scope)
    eventually(
        lambda: {stopper.status()[told] for told in ("workers", "confirmed")} == {workers}, "every worker has confirmed"
    )
    redis.start()
    system.sandbox.withdraw_faults()
    come_to_rest(system)
    stir(system)
    assert began_after(system, begun, stopped) == []

    ends, copies = states(system, drafts), mails(system)
    left = [copies[draft.address] for draft in drafts if draft.address in copies]
    assert ends["sent"] + ends["held"] + ends["cancelled"] == QUEUED
    assert ends["cancelled"] == stopped.answer["cancelled"] > 0
    assert [len(mail) for mail in left] == [1] * ends["sent"]

    stopper.resume()
    stir(system)
    assert began_after(system, begun, stopped) == [], "what was stopped goes out only when it is asked for anew"
    assert states(system, drafts) == ends


@pytest.mark.parametrize(("way", "redis_dies", "seed"), ROUNDS[:2])
def test_no_send_begins_after_the_answer(
    two_workers: tuple[System, int], module_redis: EmbeddedRedis, way: str, seed: int, *, redis_dies: bool
):
    stop_in_the_midst(two_workers, module_redis, way, seed, redis_dies=redis_dies)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("way", "redis_dies", "seed"), ROUNDS)
def test_no_send_of_eight_workers_begins_after_the_answer(
    eight_workers: tuple[System, int], module_redis: EmbeddedRedis, way: str, seed: int, *, redis_dies: bool
):
    stop_in_the_midst(eight_workers, module_redis, way, seed, redis_dies=redis_dies)


def test_a_stop_outlives_every_process_and_needs_no_redis(two_workers: tuple[System, int], module_redis: EmbeddedRedis):
    system, _ = two_workers
    stopper, begun = by_password(system), last_entry(system.sandbox)
    early, late = laid_drafts(system, 1), laid_drafts(system, 1)
    die(module_redis)
    stopper.stop()
    assert stopper.status()["kill_switch_active"]
    approve_and_send(system, early)
    module_redis.start()
    system.restart(*system.parts)

    assert stopper.status()["kill_switch_active"]
    approve_and_send(system, late)
    come_to_rest(system)
    stir(system)
    waiting = [*early, *late]
    ids = [draft.draft_id for draft in waiting]
    gates = system.rows("select gate from send where draft_id::text = any(%s)", ids)
    assert (states(system, waiting), gates) == ({"held": 2}, [("kill_switch",)] * 2)

    stopper.resume()
    stir(system)
    assert states(system, waiting) == {"held": 2}
    assert asked(system, begun) == []
    act(system, late[0], "send")
    wait_until_sent(system, late)
    each_left_once(system, late)
    assert len(asked(system, begun)) == 1


def test_a_tenants_stop_is_no_other_tenants(two_workers: tuple[System, int]):
    system, _ = two_workers
    stopper = STOPPERS["key"](system)
    stopper.stop()
    theirs = system.get("/api/admin/emergency-status", system.demo)
    stopper.resume()
    assert not theirs["kill_switch_active"]
