"""Whoever dies where: the run ends as if nobody had died, and nothing outside happens twice.

Two workers carry leads. At each of the 42 points (before, during and after each of the 14 steps) the one that carries the
lead is killed with SIGKILL. "During" is, for a step with an outward write, the moment when the provider has acted and
nothing here knows it yet.
"""

import re
from collections import Counter
from typing import Any

import pytest

from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from sales_agent.pipeline.workflow.hook import Point
from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import journal_since, last_entry, left_behind
from tests.acceptance.system import System

WORKERS = ("worker-1", "worker-2")
POINTS = [(step.name, point) for step in FORM_LEAD for point in Point]

# A new person at a company nobody knows: every kind of outward write there is, once. The label itself is made once.
WRITES = Counter({"company": 1, "contact": 1, "draft": 1, "task": 1, "note": 1, "label on thread": 1})
# Steps that ask the model, each at most twice.
MODEL_STEPS = 2


@pytest.fixture(scope="module")
def system(make_system: MakeSystem) -> System:
    system = make_system(allow_crm_writes=True)
    system.start("api", "relay", *WORKERS)
    return system


@pytest.fixture(scope="module")
def undisturbed(system: System) -> dict[str, Any]:
    """What a lead comes to when nobody dies. The first lead of all makes the label, so this is the second."""
    carried(system, "before")
    return carried(system, "calm00")


@pytest.fixture(autouse=True)
def both_workers(system: System, undisturbed: dict[str, Any]) -> None:
    for name in WORKERS:
        if not system.parts[name].is_alive:
            system.start(name)


def address(word: str) -> str:
    return f"nora.field@{word}.example"


def posted(system: System, word: str) -> str:
    form = system.form(
        address(word),
        firstname="Nora",
        lastname="Field",
        company="Newcomer Logistics",
        message="We would like to see how dispatch planning works with 40 trucks.",
    )
    return system.accepted(form)["workflow_id"]


def carried(system: System, word: str) -> dict[str, Any]:
    """Post a lead and wait for its end."""
    return outcome(system, posted(system, word), word)


def outcome(system: System, run_id: str, word: str) -> dict[str, Any]:
    """Everything a run leaves here and outside, with ids, times and the person's own word masked."""
    run = system.wait_for(run_id)
    draft = system.get(f"/api/drafts/{run['draft_id']}") if run["draft_id"] else {}
    found = {
        "status": run["status"],
        "reason": run["reason"],
        "steps": [(step["name"], step["status"]) for step in run["steps"]],
        "effects": sorted((effect["kind"], effect["status"]) for effect in run["effects"]),
        "outside": left_behind(system.sandbox, address(word)),
        "draft": draft,
    }
    return masked(found, word)


def masked(value: Any, word: str) -> Any:
    """The same without what differs between two people and two runs: ids, times, hashes, the word in the address."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not key.endswith(("_at", "_id")) and key != "id"}
        return {key: masked(item, word) for key, item in kept.items()}
    if isinstance(value, list | tuple):
        return [masked(item, word) for item in value]
    return re.sub(r"[0-9a-f]{64}", "<hash>", value.replace(word, "<word>")) if isinstance(value, str) else value


def finished_steps(system: System, run_id: str) -> Counter[str]:
    """How often each step was recorded as done: the audit trail has every time, the step rows only one."""
    events: list[dict[str, Any]] = []
    page = system.get(f"/api/workflows/{run_id}/events", limit="200")
    events.extend(page["items"])
    assert page["next_cursor"] is None
    return Counter(event["facts"]["step"] for event in events if event["action"] == "step.done")


@pytest.mark.parametrize(("step", "point"), POINTS, ids=[f"{point.value}-{step}" for step, point in POINTS])
def test_a_kill_at_any_point_of_any_step_changes_nothing(
    system: System, undisturbed: dict[str, Any], step: str, point: Point
):
    word = f"kill{POINTS.index((step, point)):02d}"
    begun = last_entry(system.sandbox)
    system.kill_at(step, point)
    run_id = posted(system, word)
    died = system.wait_for_a_death(WORKERS)
    system.start_unwatched(died)
    after = outcome(system, run_id, word)
    journal = journal_since(system.sandbox, begun)
    assert after == undisturbed
    done = journal.acted()
    model_calls = done.pop("model")
    assert done == WRITES
    assert MODEL_STEPS <= model_calls <= 2 * MODEL_STEPS
    assert finished_steps(system, run_id) == Counter(row.name for row in FORM_LEAD)
