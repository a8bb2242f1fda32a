"""What a lead comes to when providers misbehave: slower, poorer by what could not be read, or in the dead-letter queue
until somebody has repaired the cause; never doubled."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import Journal, journal_since, last_entry
from tests.acceptance.newcomers import WRITES, finished_steps, newcomer
from tests.acceptance.system import System

WITHOUT = {step.name: step.without_it for step in FORM_LEAD}

# One request of every provider that a newcomer's run makes, and asks again after a refusal.
READS = {
    "hubspot": r"/contacts/[^/]+$",
    "gmail": r"/users/me/threads$",
    "drive": r"/drive/v3/files$",
    "calendar": r"/freeBusy$",
    "openai": r"/chat/completions$",
}
# The path of each outward write, under the newcomer's word.
WRITE_PATHS = {
    "lost01": r"/companies$",
    "lost02": r"/contacts$",
    "lost03": r"/users/me/drafts$",
    "lost04": r"/tasks$",
    "lost05": r"/notes$",
    "lost06": r"/threads/[^/]+/modify$",
}
# The first run of all makes the label itself, whichever test it is of.
ONCE_A_PORTAL = "label"


@pytest.fixture(scope="module")
def whole_system(make_system: MakeSystem) -> System:
    system = make_system(allow_crm_writes=True)
    system.start("api", "relay", "worker-1")
    return system


@pytest.fixture
def system(whole_system: System) -> Iterator[System]:
    yield whole_system
    whole_system.sandbox.withdraw_faults()


def posted(system: System, word: str) -> tuple[dict[str, Any], int]:
    """The webhook's answer about a newcomer, and where the journal stood before."""
    begun = last_entry(system.sandbox)
    return system.accepted(newcomer(system, word)), begun


def writes(journal: Journal) -> Counter[str]:
    done = journal.acted()
    for kind in ("model", ONCE_A_PORTAL):
        done.pop(kind, None)
    return done


def completed_once(system: System, answer: dict[str, Any], begun: int) -> dict[str, Any]:
    run = system.wait_for(answer["workflow_id"])
    assert run["status"] == "completed", run["reason"]
    assert writes(journal_since(system.sandbox, begun)) == WRITES
    assert {effect["status"] for effect in run["effects"]} == {"done"}
    return run


def skipped(run: dict[str, Any]) -> set[str]:
    return {step["name"] for step in run["steps"] if step["status"] == "skipped"}


def seconds_between(first: dict[str, Any], second: dict[str, Any]) -> float:
    then, now = (dt.datetime.fromisoformat(entry["time"]) for entry in (first, second))
    return (now - then).total_seconds()


@pytest.mark.parametrize("provider", READS)
def test_a_provider_that_asks_to_wait_is_left_alone_for_so_long(system: System, provider: str):
    headers = {"Retry-After": "1"}
    system.sandbox.fault("status", provider=provider, path=READS[provider], status=429, headers=headers)
    answer, begun = posted(system, f"wait-{provider}")
    run = completed_once(system, answer, begun)
    assert skipped(run) == set()
    asked = [entry for entry in system.sandbox.journal(provider=provider, since=begun) if entry["method"] != "HEAD"]
    refused = next(number for number, entry in enumerate(asked) if entry["status"] == 429)
    again = next(entry for entry in asked[refused + 1 :] if entry["path"] == asked[refused]["path"])
    assert seconds_between(asked[refused], again) >= 1.0


def test_a_write_that_is_to_wait_is_made_once_and_later(system: System):
    headers = {"Retry-After": "1"}
    system.sandbox.fault("status", method="POST", path="/drafts$", status=429, headers=headers)
    answer, begun = posted(system, "waitwr")
    completed_once(system, answer, begun)
    refused, made = system.sandbox.journal(path="/drafts", since=begun)
    assert (refused["status"], made["status"]) == (429, 200)
    assert seconds_between(refused, made) >= 1.0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "malformed"},
        pytest.param({"kind": "hold_before"}, marks=pytest.mark.long, id="silence"),
        pytest.param({"kind": "html"}, marks=pytest.mark.long),
        pytest.param({"kind": "empty"}, marks=pytest.mark.long),
        pytest.param({"kind": "truncated"}, marks=pytest.mark.long),
        pytest.param({"kind": "drip"}, marks=pytest.mark.long),
        pytest.param({"kind": "endless"}, marks=pytest.mark.long),
    ],
    ids=lambda fault: fault["kind"],
)
def test_without_mailbox_files_and_calendar_the_draft_is_shorter_and_says_so(system: System, fault: dict[str, Any]):
    for provider in ("gmail", "drive", "calendar"):
        system.sandbox.fault(**fault, provider=provider, path=READS[provider], times=0)
    answer, begun = posted(system, f"poorer-{fault['kind'].replace('_', '-')}")
    run = completed_once(system, answer, begun)
    missing = {"search_threads", "find_assets", "propose_times"}
    assert skipped(run) == missing
    draft = system.get(f"/api/drafts/{run['draft_id']}")
    assert {WITHOUT[name] for name in missing} <= set(draft["omissions"])
    assert (draft["asset_id"], draft["thread_id"], "\n- " in draft["body"]) == (None, None, False)
    assert draft["state"] == "needs_review"


def test_without_tasks_and_notes_the_run_goes_on_and_says_so(system: System):
    system.sandbox.fault("status", method="POST", path="/tasks$", status=400, times=0)
    answer, begun = posted(system, "notask")
    run = system.wait_for(answer["workflow_id"])
    assert (run["status"], skipped(run)) == ("completed", {"create_crm_task"})
    (step,) = [step for step in run["steps"] if step["name"] == "create_crm_task"]
    assert step["without_it"] == WITHOUT["create_crm_task"]
    assert writes(journal_since(system.sandbox, begun)) == WRITES - Counter({"task": 1, "note": 1})


@pytest.mark.parametrize(
    ("word", "order"),
    [
        ("repair-crm", {"provider": "hubspot", "method": "GET", "path": r"/contacts/[^/]+$", "status": 503}),
        ("repair-mail", {"provider": "gmail", "method": "POST", "path": r"/drafts$", "status": 503}),
        ("repair-model", {"provider": "openai", "path": r"/chat/completions$", "status": 500}),
        ("repair-contact", {"provider": "hubspot", "method": "POST", "path": r"/contacts$", "status": 500}),
    ],
)
def test_what_no_run_can_do_without_is_retried_then_dead_lettered_and_completed_after_the_repair(
    system: System, word: str, order: dict[str, Any]
):
    system.sandbox.fault("status", times=0, **order)
    answer, begun = posted(system, word)
    status = system.wait_status(answer["task_id"], "FAILURE")
    run = system.run(answer["workflow_id"])
    assert (run["status"], status["attempts"]) == ("failed", 3)
    tasks = system.get("/api/async/failed-tasks", status="failed")["tasks"]
    (task,) = [task for task in tasks if task["task_id"] == answer["task_id"]]
    assert task["workflow_id"] == answer["workflow_id"]

    system.sandbox.withdraw_faults()
    retried = system.command(f"/api/async/failed-tasks/{task['id']}/retry")
    assert retried["new_task_id"] == answer["task_id"]
    system.wait_status(answer["task_id"], "SUCCESS")
    completed_once(system, answer, begun)
    # With the model away the next step is not planned, which a run goes on without; the words are what it waits for.
    without = {"plan_next_step"} if word == "repair-model" else set[str]()
    expected = Counter(step.name for step in FORM_LEAD if step.name not in without)
    assert finished_steps(system, answer["workflow_id"]) == expected
    assert system.http.post(f"/api/async/failed-tasks/{task['id']}/retry", headers=system.own.caller).status_code == 409


@pytest.mark.parametrize("word", WRITE_PATHS)
def test_a_write_whose_answer_is_lost_is_found_and_not_made_again(system: System, word: str):
    system.sandbox.fault("act_then_drop", method="POST", path=WRITE_PATHS[word])
    answer, begun = posted(system, word)
    completed_once(system, answer, begun)


def test_a_lost_grant_parks_the_job_spends_no_retry_and_the_reconnected_account_goes_on(system: System):
    system.sandbox.command("tokens/revoke", token="sandbox-own")
    answer, begun = posted(system, "parked")
    status = system.wait_status(answer["task_id"], "RETRY")
    assert (status["attempts"], status["error_code"]) == (0, "auth_expired")
    parked = "select state from job where id::text = %s"
    assert system.rows(parked, answer["task_id"]) == [("parked",)]
    assert writes(journal_since(system.sandbox, begun)) == Counter()

    system.sandbox.command("tokens/restore", token="sandbox-own")
    minutes_later = "update job set next_run_at = now() where id::text = %s returning state"
    assert system.rows(minutes_later, answer["task_id"]) == [("parked",)]
    completed_once(system, answer, begun)
    assert system.rows("select attempts from job where id::text = %s", answer["task_id"]) == [(0,)]
