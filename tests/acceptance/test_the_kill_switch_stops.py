"""After a stop is answered no send begins, in any process, until somebody resumes; then only what is asked for anew.

What begins is what arrives at the mailbox, told by the mailbox's clock, which is the machine's. Each stop comes at
another moment of the sending of 50 mails (fixed seeds): some have been let go and hang, some are on their way to the
last look and come there after the answer, and now and then Redis dies or a worker freezes just then. What was in flight
is reported, what was queued is cancelled, and neither a restart of every process nor a dead Redis lets anything out.
"""

import os
import random
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
    Waiting,
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
# When the stop comes, so many calls have reached the mailbox and hang there,
IN_THE_AIR = 2
# and so many sends that were claimed hang in a look-up before their last look.
ON_THE_WAY = 2
# The schedule's jobs that may queue or send something.
STIRRING = (JobKind.RELEASE_HELD, JobKind.WATCH_MAILBOX, JobKind.SETTLE_EFFECTS)

SEEDS = range(20270113, 20270133)
WAYS = ("password", "session", "key")
MISHAPS = ("a worker freezes", "redis dies", "nothing else", "nothing else")
ROUNDS = [(seed, WAYS[n % len(WAYS)], MISHAPS[n % len(MISHAPS)]) for n, seed in enumerate(SEEDS)]


@dataclass(frozen=True, slots=True)
class Shop:
    """A system that sends, and the names of its workers."""

    system: System
    workers: Sequence[str]


def opened(make_system: MakeSystem, workers: int, *, jobs_a_worker: int) -> Shop:
    """Workers have few jobs in hand, so that there is a queue to stop; a call may hang for longer than a stop takes."""
    system = make_system(
        **for_real(
            admin_password=SecretStr("of the whole installation"),
            worker_concurrency=jobs_a_worker,
            lease_seconds=10.0,
            provider_timeout_seconds=8.0,
            database_pool_size=5,
        )
    )
    system.start("api", "relay", "schedule")
    return Shop(system, start_workers(system, workers))


@pytest.fixture(scope="module")
def small_shop(make_system: MakeSystem) -> Shop:
    return opened(make_system, 2, jobs_a_worker=4)


@pytest.fixture(scope="module")
def big_shop(make_system: MakeSystem) -> Shop:
    return opened(make_system, 8, jobs_a_worker=2)


def in_the_midst(system: System, moment: random.Random) -> tuple[list[Waiting], int]:
    """50 sends are queued and many under way: the drafts, and where in the journal they begin."""
    drafts, begun = laid_drafts(system, QUEUED), last_entry(system.sandbox)
    arrived = moment.randrange(IN_THE_AIR + 1, QUEUED // 2)
    first = moment.randrange(1, arrived - IN_THE_AIR + 1)
    system.sandbox.fault(FaultKind.ACT_THEN_HOLD, path=SEND, nth=first, times=IN_THE_AIR)
    system.sandbox.fault(FaultKind.HOLD_BEFORE, method="GET", path="/drafts/r", nth=first, times=ON_THE_WAY)
    approve_and_send_at_one_moment(system, drafts)
    system.sandbox.wait_for_request(SEND, count=arrived, since=begun)
    wanted = [IN_THE_AIR, ON_THE_WAY]
    eventually(lambda: [fault["caught"] for fault in system.sandbox.faults()] == wanted, "some hang")
    time.sleep(moment.random() * 0.05)
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


@contextmanager
def happening(mishap: str, shop: Shop, redis: EmbeddedRedis) -> Iterator[None]:
    """What goes wrong while the stop is asked for and answered."""
    frozen = shop.system.parts[shop.workers[0]]
    if mishap == "a worker freezes":
        frozen.pause()
    elif mishap == "redis dies":
        die(redis)
    yield
    frozen.resume()
    redis.start()


def stop_in_the_midst(shop: Shop, redis: EmbeddedRedis, seed: int, way: str, mishap: str) -> None:
    system, stopper = shop.system, STOPPERS[way](shop.system)
    drafts, begun = in_the_midst(system, random.Random(seed))
    with happening(mishap, shop, redis):
        stopped = stopper.stop()

    assert (stopped.answer["status"], stopped.answer["scope"]) == ("emergency_stop_active", stopper.scope)
    assert stopped.answer["in_flight_when_stopped"] >= IN_THE_AIR
    assert stopped.answer["in_flight"] >= IN_THE_AIR
    all_of_them = {"workers": len(shop.workers), "confirmed": len(shop.workers)}
    eventually(lambda: all_of_them.items() <= stopper.status().items(), "every worker has confirmed")
    system.sandbox.withdraw_faults()
    come_to_rest(system)
    stir(system)
    assert began_after(system, begun, stopped) == []

    ends, copies = states(system, drafts), mails(system)
    left = [copies[draft.address] for draft in drafts if draft.address in copies]
    assert ends["sent"] + ends["held"] + ends["cancelled"] == QUEUED
    assert ends["cancelled"] == stopped.answer["cancelled"] > 0
    assert ends["held"] >= ON_THE_WAY
    assert [len(mail) for mail in left] == [1] * ends["sent"]

    stopper.resume()
    stir(system)
    assert began_after(system, begun, stopped) == [], "what was stopped goes out only when it is asked for anew"
    assert states(system, drafts) == ends


@pytest.mark.parametrize(("seed", "way", "mishap"), ROUNDS[:2])
def test_no_send_begins_after_the_answer(
    small_shop: Shop, module_redis: EmbeddedRedis, seed: int, way: str, mishap: str
):
    stop_in_the_midst(small_shop, module_redis, seed, way, mishap)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("seed", "way", "mishap"), ROUNDS)
def test_no_send_of_eight_workers_begins_after_the_answer(
    big_shop: Shop, module_redis: EmbeddedRedis, seed: int, way: str, mishap: str
):
    stop_in_the_midst(big_shop, module_redis, seed, way, mishap)


def test_a_stop_outlives_every_process_and_needs_no_redis(small_shop: Shop, module_redis: EmbeddedRedis):
    system = small_shop.system
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


def test_a_tenants_stop_is_no_other_tenants(small_shop: Shop):
    system = small_shop.system
    stopper = STOPPERS["key"](system)
    stopper.stop()
    theirs = system.get("/api/admin/emergency-status", system.demo)
    stopper.resume()
    assert not theirs["kill_switch_active"]
