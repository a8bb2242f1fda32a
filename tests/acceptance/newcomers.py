"""Leads that differ in one word only, and what each comes to once that word, ids and times are masked."""

import re
from collections import Counter
from typing import Any

from tests.acceptance.effects_seen import left_behind
from tests.acceptance.forms import Form
from tests.acceptance.system import System

# A new person at a company nobody knows: every kind of outward write there is, once.
WRITES = Counter({"company": 1, "contact": 1, "draft": 1, "task": 1, "note": 1, "label on thread": 1})


def address(word: str) -> str:
    """The newcomer's address; the word is all that tells two of them apart, so words are of equal length."""
    return f"nora.field@{word}.example"


def newcomer(system: System, word: str) -> Form:
    """The form a newcomer fills in."""
    return system.form(
        address(word),
        firstname="Nora",
        lastname="Field",
        company="Newcomer Logistics",
        message="We would like to see how dispatch planning works with 40 trucks.",
    )


def undisturbed(system: System) -> dict[str, Any]:
    """What a newcomer comes to when nothing goes wrong: the second one, since the very first makes the label."""
    first = system.accepted(newcomer(system, "first0"))
    system.wait_for(first["workflow_id"])
    second = system.accepted(newcomer(system, "second"))
    return outcome(system, second["workflow_id"], "second")


def outcome(system: System, run_id: str, word: str) -> dict[str, Any]:
    """Everything the run leaves here and outside when it has ended, masked."""
    run = system.wait_for(run_id)
    found = {
        "status": run["status"],
        "reason": run["reason"],
        "steps": [(step["name"], step["status"]) for step in run["steps"]],
        "effects": sorted((effect["kind"], effect["status"]) for effect in run["effects"]),
        "outside": left_behind(system.sandbox, address(word)),
        "draft": system.get(f"/api/drafts/{run['draft_id']}") if run["draft_id"] else None,
    }
    return _masked(found, word)


def finished_steps(system: System, run_id: str) -> Counter[str]:
    """How often each step was recorded as done: the audit trail has every time, the step rows only one."""
    page = system.get(f"/api/workflows/{run_id}/events", limit="200")
    assert page["next_cursor"] is None
    return Counter(event["facts"]["step"] for event in page["items"] if event["action"] == "step.done")


def _masked(value: Any, word: str) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not key.endswith(("_at", "_id", "_since")) and key != "id"}
        return {key: _masked(item, word) for key, item in kept.items()}
    if isinstance(value, list | tuple):
        return [_masked(item, word) for item in value]
    return re.sub(r"[0-9a-f]{64}", "<hash>", value.replace(word, "<word>")) if isinstance(value, str) else value
