"""An approved draft leaves exactly once, whatever the mailbox answers and whoever dies meanwhile.

API, relay, schedule, workers and Redis are real processes; the mailbox consumes the draft, takes no idempotency key,
and rewrites the Message-ID or keeps it. Copies are counted in the mailbox: other than one there must be none. The draft
says `sent`, and its send knows the Message-ID the mail really left under.
"""

import time
from collections.abc import Iterator, Mapping, Sequence

import pytest
import redis

from sales_agent.embedded.redis import EmbeddedRedis
from sales_agent.sandbox.faults import FaultKind
from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import last_entry
from tests.acceptance.processes import eventually
from tests.acceptance.real_sends import (
    SEND,
    Waiting,
    act,
    approve_and_send,
    asked,
    each_left_once,
    for_real,
    laid_drafts,
    mails,
    wait_until_sent,
    written_drafts,
)
from tests.acceptance.system import System

WORKERS = ("worker-1", "worker-2")
FEW, MANY = 2, 20
COUNTS = [FEW, pytest.param(MANY, marks=[pytest.mark.long, pytest.mark.timeout(600)])]
MESSAGE_IDS = ["kept", "rewritten"]

# What happens to the first request for each draft, and how many requests it takes in all: after one that was accepted
# there is no second.
FAULTS: Mapping[str, tuple[Mapping[str, object], int]] = {
    "clean": ({}, 1),
    "no answer after accepting": ({"kind": FaultKind.ACT_THEN_HOLD}, 1),
    "500 after accepting": ({"kind": FaultKind.ACT_THEN_STATUS, "status": 500}, 1),
    "reset after the body": ({"kind": FaultKind.ACT_THEN_DROP}, 1),
    "503 before": ({"kind": FaultKind.STATUS, "status": 503}, 2),
    "429": ({"kind": FaultKind.STATUS, "status": 429, "headers": {"Retry-After": "1"}}, 2),
}


@pytest.fixture(scope="module")
def system(make_system: MakeSystem) -> Iterator[System]:
    # Among many sends one may meet the fault of another too: there are tries enough for that.
    patient = {"provider_timeout_seconds": 3.0, "retry_delays_seconds": (0.3, 0.6, 1.2, 1.2, 1.2, 1.2)}
    system = make_system(**for_real(**patient))
    system.start("api", "relay", "schedule", *WORKERS)
    yield system
    late = {address: len(copies) for address, copies in mails(system).items() if len(copies) > 1}
    assert late == {}, "a copy that came later than its test looked"


def waiting_drafts(system: System, count: int) -> Sequence[Waiting]:
    """A few are written by the house, for they are the real thing; many would take too long."""
    return written_drafts(system, count) if count <= FEW else laid_drafts(system, count)


def decide_how_ids_go(system: System, message_id: str) -> None:
    system.sandbox.settings(keeps_message_id=message_id == "kept")


def all_workers_die(system: System) -> None:
    for name in WORKERS:
        system.parts[name].kill()


@pytest.mark.parametrize("message_id", MESSAGE_IDS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("count", COUNTS)
def test_one_copy_leaves_whatever_the_mailbox_answers(system: System, count: int, fault: str, message_id: str):
    order, requests = FAULTS[fault]
    decide_how_ids_go(system, message_id)
    drafts = waiting_drafts(system, count)
    begun = last_entry(system.sandbox)
    if order:
        system.sandbox.fault(**{"path": SEND, "times": count, **order})

    approve_and_send(system, drafts)
    wait_until_sent(system, drafts)

    caught = [standing["caught"] for standing in system.sandbox.faults()]
    system.sandbox.withdraw_faults()
    each_left_once(system, drafts)
    assert caught == ([count] if order else [])
    assert len(asked(system, begun)) == requests * count


@pytest.mark.parametrize("message_id", MESSAGE_IDS)
@pytest.mark.parametrize("count", [1, COUNTS[1]])
def test_one_copy_leaves_when_the_worker_dies_after_the_mailbox_accepted(system: System, count: int, message_id: str):
    decide_how_ids_go(system, message_id)
    drafts = waiting_drafts(system, count)
    begun = last_entry(system.sandbox)
    system.sandbox.fault(FaultKind.ACT_THEN_HOLD, path=SEND, times=count)

    approve_and_send(system, drafts)
    system.sandbox.wait_for_request(SEND, count=count, since=begun)
    all_workers_die(system)
    system.sandbox.withdraw_faults()
    system.start(*WORKERS)
    wait_until_sent(system, drafts)

    each_left_once(system, drafts)
    assert len(asked(system, begun)) == count


# Between the claim of a draft and the call: the words are not yet laid into the mailbox's draft, they are and nobody
# here knows, and all that is left is the last look.
BEFORE_THE_CALL = {
    "before the words are laid": {"kind": FaultKind.HOLD_BEFORE, "method": "PUT", "path": "/drafts/r"},
    "after the words are laid": {"kind": FaultKind.ACT_THEN_HOLD, "method": "PUT", "path": "/drafts/r"},
    "at the last look": {"kind": FaultKind.HOLD_BEFORE, "method": "GET", "path": "/drafts/r", "nth": 2},
}


def test_one_copy_leaves_when_the_worker_dies_between_claim_and_call(system: System):
    drafts = written_drafts(system, len(BEFORE_THE_CALL))
    begun = last_entry(system.sandbox)
    for draft, order in zip(drafts, BEFORE_THE_CALL.values(), strict=True):
        system.sandbox.fault(**order)
        approve_and_send(system, [draft])
        eventually(lambda: system.sandbox.faults()[-1]["caught"], "the send is held on its way")
    all_workers_die(system)
    assert asked(system, begun) == []
    system.sandbox.withdraw_faults()
    system.start(*WORKERS)
    wait_until_sent(system, drafts)

    each_left_once(system, drafts)
    assert len(asked(system, begun)) == len(drafts)


def test_one_copy_leaves_when_the_api_dies_right_after_its_answer(system: System):
    drafts = waiting_drafts(system, 1)
    approve_and_send(system, drafts)
    system.parts["api"].kill()
    wait_until_sent(system, drafts)
    system.start("api")
    each_left_once(system, drafts)


def test_one_copy_leaves_when_redis_forgets_the_queued_sends(system: System, module_redis: EmbeddedRedis):
    drafts = waiting_drafts(system, FEW)
    all_workers_die(system)
    approve_and_send(system, drafts)
    handed = "select count(*) from job where subject_id::text = any(%s) and state = 'handed'"
    while system.rows(handed, [draft.draft_id for draft in drafts]) != [(len(drafts),)]:
        time.sleep(0.02)
    with redis.Redis.from_url(module_redis.url()) as client:
        client.flushall()
    system.start(*WORKERS)
    wait_until_sent(system, drafts)
    each_left_once(system, drafts)


def lying_in_mailbox(system: System, draft: Waiting) -> str:
    """The id of its draft there."""
    return str(system.get(f"/api/operator/drafts/{draft.draft_id}")["gmail_draft_id"])


def test_a_draft_that_a_person_sent_in_the_mailbox_after_the_approval_is_not_sent_again(system: System):
    drafts = written_drafts(system, 1)
    begun = last_entry(system.sandbox)
    act(system, drafts[0], "approve")
    system.sandbox.command("gmail/ui-send-draft", draft_id=lying_in_mailbox(system, drafts[0]))
    act(system, drafts[0], "send")
    wait_until_sent(system, drafts)

    each_left_once(system, drafts, by="person")
    assert asked(system, begun) == []


def test_a_draft_that_a_person_sends_while_our_request_is_on_its_way_leaves_once(system: System):
    drafts = written_drafts(system, 1)
    system.sandbox.fault(FaultKind.DELAY, path=SEND, seconds=1.0)
    approve_and_send(system, drafts)
    eventually(lambda: system.sandbox.faults()[0]["caught"], "our request is on its way")
    system.sandbox.command("gmail/ui-send-draft", draft_id=lying_in_mailbox(system, drafts[0]))
    wait_until_sent(system, drafts)

    system.sandbox.withdraw_faults()
    each_left_once(system, drafts, by="person")
