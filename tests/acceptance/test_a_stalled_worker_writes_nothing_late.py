"""A worker that stalls in the middle of an outward write is overtaken; when it goes on, it changes nothing any more.

It is stopped with SIGSTOP at the worst moments: when the provider has acted and the answer is on its way, and when the
worker is allowed to write and has not written yet. Its lease runs out, another worker ends the run, SIGCONT.
"""

from typing import Any

import pytest

from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import journal_since, last_entry
from tests.acceptance.newcomers import WRITES, finished_steps, newcomer, outcome, undisturbed
from tests.acceptance.processes import eventually
from tests.acceptance.system import System
from tests.acceptance.test_a_kill_anywhere_changes_nothing import EVERY_STEP_ONCE

WORKERS = ("worker-1", "worker-2")

# The path of each kind of outward write, under the word of the newcomer it is tried with.
WRITE_PATHS = {
    "stall1": r"/companies$",
    "stall2": r"/contacts$",
    "stall3": r"/users/me/drafts$",
    "stall4": r"/tasks$",
    "stall5": r"/notes$",
    "stall6": r"/threads/[^/]+/modify$",
}


@pytest.fixture(scope="module")
def system(make_system: MakeSystem) -> System:
    # Calls outlive the lease, as they may where a provider is slow: no timeout comes to the rescue.
    system = make_system(allow_crm_writes=True, provider_timeout_seconds=60.0)
    system.start("api", "relay", *WORKERS)
    return system


@pytest.fixture(scope="module")
def calm(system: System) -> dict[str, Any]:
    return undisturbed(system)


def overtaken(system: System, word: str, *, kind: str, method: str, path: str, seconds: float = 0) -> dict[str, Any]:
    """Post a newcomer, stop its worker at that call, let the other one end the run, and let the first go on."""
    begun = last_entry(system.sandbox)
    system.sandbox.fault(kind, method=method, path=path, seconds=seconds)
    answer = system.accepted(newcomer(system, word))
    eventually(lambda: any(order["caught"] for order in system.sandbox.faults()), f"a call to {path}")
    stalled = system.parts[system.carrier(answer["task_id"], WORKERS)]
    stalled.pause()
    try:
        found = outcome(system, answer["workflow_id"], word)
    finally:
        system.sandbox.withdraw_faults()
        stalled.resume()
    eventually(lambda: stalled.has_said("job.lease_lost") or stalled.has_said("job.failed"), "it has noticed")
    assert outcome(system, answer["workflow_id"], word) == found
    done = journal_since(system.sandbox, begun).acted()
    done.pop("model")
    assert done == WRITES
    assert finished_steps(system, answer["workflow_id"]) == EVERY_STEP_ONCE
    return found


@pytest.mark.parametrize("word", WRITE_PATHS)
def test_a_worker_that_stalls_while_the_provider_acts_writes_nothing_a_second_time(
    system: System, calm: dict[str, Any], word: str
):
    found = overtaken(system, word, kind="act_then_hold", method="POST", path=WRITE_PATHS[word])
    assert found == calm


@pytest.mark.parametrize(("word", "path"), [("drips1", "/users/me/drafts$"), ("drips2", "/tasks$")])
def test_a_worker_that_loses_the_answer_after_it_was_overtaken_unsettles_nothing(
    system: System, calm: dict[str, Any], word: str, path: str
):
    found = overtaken(system, word, kind="drip", method="POST", path=path, seconds=3)
    assert found == calm


def test_a_worker_that_stalls_between_its_permission_and_the_write_does_not_write_late(
    system: System, calm: dict[str, Any]
):
    """Finding the label's id is the last thing asked before the label is put on the thread."""
    found = overtaken(system, "stall7", kind="act_then_hold", method="GET", path=r"/users/me/labels$")
    assert found == calm
