"""Whoever dies where: the run ends as if nobody had died, and nothing outside happens twice.

Two workers carry leads. At each of the 42 points (before, during and after each of the 14 steps) the one that carries
the lead is killed with SIGKILL. "During" is, for a step with an outward write, the moment when the provider has acted
and nothing here knows it yet.
"""

from collections import Counter
from typing import Any

import pytest

from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from sales_agent.pipeline.workflow.hook import Point
from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import journal_since, last_entry
from tests.acceptance.newcomers import WRITES, finished_steps, newcomer, outcome, undisturbed
from tests.acceptance.processes import eventually
from tests.acceptance.system import System

WORKERS = ("worker-1", "worker-2")
POINTS = [(step.name, point) for step in FORM_LEAD for point in Point]
# Steps that ask the model about a newcomer, each at most twice.
MODEL_STEPS = 2
EVERY_STEP_ONCE = Counter(step.name for step in FORM_LEAD)


@pytest.fixture(scope="module")
def system(make_system: MakeSystem) -> System:
    system = make_system(allow_crm_writes=True)
    system.start("api", "relay", *WORKERS)
    return system


@pytest.fixture(scope="module")
def calm(system: System) -> dict[str, Any]:
    """What a lead comes to when nobody dies."""
    return undisturbed(system)


@pytest.mark.parametrize(("step", "point"), POINTS, ids=[f"{point.value}-{step}" for step, point in POINTS])
def test_a_kill_at_any_point_of_any_step_changes_nothing(system: System, calm: dict[str, Any], step: str, point: Point):
    word = f"kill{POINTS.index((step, point)):02d}"
    begun = last_entry(system.sandbox)
    system.kill_at(step, point)
    run_id = system.accepted(newcomer(system, word))["workflow_id"]
    system.parts[system.wait_for_a_death(WORKERS)].start()
    assert outcome(system, run_id, word) == calm
    done = journal_since(system.sandbox, begun).acted()
    assert MODEL_STEPS <= done.pop("model") <= 2 * MODEL_STEPS
    assert done == WRITES
    assert finished_steps(system, run_id) == EVERY_STEP_ONCE


def test_when_every_worker_is_killed_the_run_waits_for_the_next_one(system: System, calm: dict[str, Any]):
    for name in WORKERS:
        if not system.parts[name].is_alive:
            system.parts[name].start()
        system.parts[name].wait_ready()
    begun = last_entry(system.sandbox)
    system.sandbox.fault("hold_before", method="POST", path="/tasks$")
    run_id = system.accepted(newcomer(system, "killed"))["workflow_id"]
    eventually(lambda: system.sandbox.faults()[0]["caught"], "the run is in the middle of a write")
    for name in WORKERS:
        system.parts[name].kill()
    system.sandbox.withdraw_faults()
    system.start(WORKERS[0])
    assert outcome(system, run_id, "killed") == calm
    done = journal_since(system.sandbox, begun).acted()
    done.pop("model")
    assert done == WRITES
