"""A signed form submission travels all 13 steps and ends as a checked, evidence-backed draft in front of an operator.

Told over HTTP from outside, as HubSpot and an operator see it: the webhook's answer, the job's progress, the run, the
draft, and what then lies in the mailbox and in HubSpot. As long as nobody has switched real sends on, approving and
sending it ends as `simulated`, and nobody asks the mailbox to send anything.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from sales_agent.bootstrap.container import build_container
from sales_agent.controls.suppression import suppress
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from tests.acceptance.conftest import MakeSystem
from tests.acceptance.effects_seen import left_behind
from tests.acceptance.forms import Source
from tests.acceptance.processes import eventually
from tests.acceptance.real_sends import asks_to_send
from tests.acceptance.system import System

INES = {
    "firstname": "Ines",
    "lastname": "Carvalho",
    "company": "Atlantic Facilities",
    "jobtitle": "Head of Operations",
    "country": "Portugal",
    "message": "We plan visits for 120 technicians by hand. Could you show us how route planning works?",
}


@pytest.fixture(scope="module")
def system(make_system: MakeSystem) -> System:
    """All switches are as a new installation has them: off. The demo's tenant has a HubSpot of its own."""
    system = make_system(undo_seconds=0.0)
    system.start("api", "relay", "worker-1")
    return system


def carried(
    system: System, source: Source, email: str, **fields: str
) -> "tuple[dict[str, Any], dict[str, Any], dict[str, Any]]":
    """Post a form: the webhook's answer, the run at its end, and its draft ({} without one)."""
    answer = system.accepted(system.form(email, **fields), source)
    run = system.wait_for(answer["workflow_id"], source)
    draft = system.get(f"/api/drafts/{run['draft_id']}", source) if run["draft_id"] else {}
    return answer, run, draft


def outputs(run: Mapping[str, Any]) -> dict[str, Any]:
    return {step["name"]: step["output"] for step in run["steps"]}


def test_a_new_person_gets_a_draft_a_contact_a_task_and_a_note(system: System):
    email = "ines@atlantic-facilities.example"
    answer, run, draft = carried(system, system.demo, email, **INES)

    assert answer == {
        "status": "accepted",
        "submission_id": run["submission_id"],
        "workflow_id": run["workflow_id"],
        "task_id": run["task_id"],
        "status_url": f"/api/async/tasks/{run['task_id']}/status",
        "email": email,
        "duplicate": False,
        "reason": None,
        "message": answer["message"],
    }
    assert (run["status"], run["reason"]) == ("completed", None)
    assert [(step["name"], step["status"]) for step in run["steps"]] == [(step.name, "done") for step in FORM_LEAD]
    assert {effect["status"] for effect in run["effects"]} == {"done"}

    assert draft["state"] == "needs_review"
    assert draft["is_checked"]
    assert len(draft["body"].split("\n- ")) - 1 in {2, 3}, "two or three times are proposed"
    claims = [sentence for sentence in draft["sentences"] if sentence["type"] in {"claim", "commitment"}]
    assert claims
    assert all(sentence["evidence"] for sentence in claims)
    assert "—" not in draft["body"]

    left = left_behind(system.sandbox, email)
    assert [len(left[kind]) for kind in ("contacts", "companies", "tasks", "notes", "drafts")] == [1, 1, 1, 1, 1]
    assert left["contacts"][0]["links"] == {"companies": 1, "tasks": 1, "notes": 1}
    assert left["tasks"][0]["links"] == {"contacts": 1, "companies": 1}
    assert left["tasks"][0]["properties"]["hs_timestamp"] == "2027-01-15T08:00:00.000Z", "two business days on, at nine"
    assert left["drafts"][0]["text"].replace("\r\n", "\n").strip() == draft["body"].strip()


def test_the_job_of_a_run_tells_how_far_it_is_and_what_it_came_to(system: System):
    held = system.sandbox.fault("delay", provider="calendar", seconds=1.0)
    answer = system.accepted(system.form("tell@progress.example", message="Could you show us a demo?"), system.demo)
    status = system.wait_status(answer["task_id"], "STARTED", source=system.demo)
    assert (status["ready"], status["result"], status["workflow_id"]) == (False, None, answer["workflow_id"])
    assert status["progress"]["steps_total"] == 14
    status = system.wait_status(answer["task_id"], "SUCCESS", source=system.demo)
    run = system.run(answer["workflow_id"], system.demo)
    assert status["ready"]
    assert status["result"] == {"status": "completed", "reason": None, "draft_id": run["draft_id"]}
    assert status["progress"] == {"steps_done": 14, "steps_total": 14, "current_steps": [], "skipped_steps": []}
    system.sandbox.withdraw_faults(held)


def test_a_person_with_history_is_answered_in_the_thread(system: System):
    email = "daniel.ortiz@kestrelfield.example"
    message = "Our COO wants to see it before the quarter ends. When could we talk about the rollout?"
    _, run, draft = carried(system, system.demo, email, firstname="Daniel", lastname="Ortiz", message=message)
    thread = next(t for t in system.sandbox.state("threads") if t["id"] == draft["thread_id"])
    by_id = {message["id"]: message for message in system.sandbox.state("messages")}
    (written,) = [d["message"] for d in system.sandbox.state("drafts") if d["id"] == draft["mail_draft_id"]]
    earlier = [by_id[name] for name in thread["messages"] if name != written["id"]]
    assert written["threadId"] == thread["id"]
    assert written["subject"] == "Re: Pricing for 300 technicians"
    assert written["in_reply_to"] == earlier[-1]["message_id"]
    assert set(written["references"]) == {message["message_id"] for message in earlier}
    assert written["to"] == [email]
    assert "Denver time" in draft["body"]
    assert outputs(run)["read_history"]["open_questions"]
    assert not [effect for effect in run["effects"] if effect["kind"] in {"crm.create_contact", "crm.create_company"}]


def test_an_opted_out_person_gets_a_blocked_draft_that_no_mailbox_holds(system: System):
    email = "claire.fontaine@lumiere-froid.example"
    _, run, draft = carried(system, system.demo, email, firstname="Claire", message="Please call me.")
    assert (run["status"], draft["state"], draft["mail_draft_id"]) == ("completed", "blocked", None)
    assert ("opted_out", "block") in [(finding["code"], finding["severity"]) for finding in draft["findings"]]
    assert outputs(run)["create_gmail_draft"]["status"] == "waiting"
    assert left_behind(system.sandbox, email)["drafts"] == []


def test_a_suppressed_person_is_left_alone(system: System):
    async def never_again(tenant_id: UUID) -> None:
        container = build_container(system.settings)
        async with container.database.transaction(tenant_id) as session:
            await suppress(session, tenant_id, "Leave.Me@alone.example", reason="opt_out", source="operator")
        await container.close()

    asyncio.run(never_again(system.demo.tenant_id))
    begun = len(system.sandbox.journal())
    answer, run, draft = carried(system, system.demo, "leave.me+again@alone.example", message="Hello again")
    assert (answer["status"], run["status"], run["reason"]) == ("accepted", "suppressed", "suppressed_address")
    assert (draft, run["effects"], len(system.sandbox.journal())) == ({}, [], begun)


@pytest.mark.parametrize(
    ("email", "reason"), [("no address at all", "invalid_email"), ("jonas@brightpath.example", "own_address")]
)
def test_what_is_no_lead_is_stored_and_ends_as_rejected_with_its_reason(system: System, email: str, reason: str):
    _, run, draft = carried(system, system.demo, email, message="Hello")
    assert (run["status"], run["reason"], draft, run["effects"]) == ("rejected", reason, {}, [])
    assert [step["status"] for step in run["steps"]] == ["done"] + ["pending"] * 13


def test_the_same_words_in_two_submissions_are_answered_once(system: System):
    email, message = "twice@fabrikam.example", "Could you send me your price list?"
    first, answered, _ = carried(system, system.demo, email, message=message)
    _, run, draft = carried(system, system.demo, email, message=message)
    assert (answered["status"], run["status"]) == ("completed", "duplicate")
    assert (run["reason"], draft) == (f"duplicate_of:{first['submission_id']}", {})
    _, other, _ = carried(system, system.demo, email, message="And could you show us a demo?")
    assert other["status"] == "completed", "other words of the same person are a wish of their own"


def test_a_person_who_is_away_is_proposed_no_times(system: System):
    _, run, draft = carried(
        system, system.demo, "mateus.prado@valeverde.example", firstname="Mateus", message="Could you show us a demo?"
    )
    plan = outputs(run)["plan_next_step"]
    assert (plan["policy"], plan["uses_slots"]) == ("away", False)
    assert "\n- " not in draft["body"]


def test_a_customer_is_not_pitched_to(system: System):
    _, run, draft = carried(
        system, system.demo, "grace.whitfield@talliswater.example", firstname="Grace", message="How do I add a team?"
    )
    assert outputs(run)["plan_next_step"]["policy"] == "customer"
    assert draft["call_to_action"] == "answer"


def test_with_hubspot_writes_off_contact_task_and_note_wait_for_each_other_and_the_draft_is_made(system: System):
    email = "ines@pacific-facilities.example"
    _, run, draft = carried(system, system.own, email, **INES)
    assert run["status"] == "completed"
    effects = {effect["kind"]: (effect["status"], effect["held_because"]) for effect in run["effects"]}
    off = "ALLOW_CRM_WRITES is off"
    assert effects == {
        "crm.create_company": ("held", off),
        "crm.create_contact": ("held", off),
        "mail.create_draft": ("done", None),
        "crm.create_task": ("held", off),
        "crm.create_note": ("held", off),
        "mail.label_thread": ("done", None),
    }
    waits_for = system.rows(
        "select e.kind, d.kind from effect e join effect d on d.id = e.depends_on where e.run_id::text = %s",
        run["workflow_id"],
    )
    assert sorted(waits_for) == [
        ("crm.create_contact", "crm.create_company"),
        ("crm.create_note", "crm.create_contact"),
        ("crm.create_task", "crm.create_contact"),
    ]
    left = left_behind(system.sandbox, email)
    assert [len(left[kind]) for kind in ("contacts", "companies", "tasks", "notes", "drafts")] == [0, 0, 0, 0, 1]
    assert draft["mail_draft_id"]


def test_with_real_sends_off_an_approved_draft_is_sent_in_all_but_the_call(system: System):
    for source in (system.own, system.demo):
        email = f"ines@{source.key}-in-earnest.example"
        _, _, draft = carried(system, source, email, **INES)
        system.command(f"/api/operator/drafts/{draft['id']}/approve", source, {"send": True})
        path = f"/api/operator/drafts/{draft['id']}"
        ended = eventually(lambda path=path, by=source: _over(system.get(path, by)), "the send comes to an end")
        (send,) = system.get("/api/sends", source, draft_id=draft["id"])["items"]
        assert (ended, send["status"]) == ("simulated", "simulated")
        assert (send["sent_at"], send["message_id"], send["message_id_header"]) == (None, None, None)
        assert len(left_behind(system.sandbox, email)["drafts"]) == 1, "its draft lies where it lay"
    assert [entry for entry in system.sandbox.journal() if asks_to_send(entry)] == []
    assert system.sandbox.state("sent") == []


def _over(draft: Mapping[str, Any]) -> str | None:
    return None if draft["state"] in {"approved", "queued", "sending"} else draft["state"]


def test_one_trace_leads_from_the_webhook_through_the_relay_to_the_last_step(system: System):
    body = system.form("trace@able.example", message="Could you show us a demo?")
    answer = system.accepted(body, system.demo)
    run = system.wait_for(answer["workflow_id"], system.demo)
    trace = run["trace_id"]
    assert len(trace) == 32
    said = {
        name: {event["event"] for event in system.parts[name].events() if event.get("trace_id") == trace}
        for name in ("api", "relay", "worker-1")
    }
    assert said["api"] == {"http.answered"}
    assert said["relay"] == {"job.handed_over"}
    assert {"provider.called", "run.finished"} <= said["worker-1"]
    events = system.get(f"/api/workflows/{run['workflow_id']}/events", system.demo, limit="200")["items"]
    assert {event["trace_id"] for event in events if event["action"].startswith(("run.", "step."))} == {trace}


def test_logs_hold_neither_an_address_nor_a_word_of_what_was_written(system: System):
    email, message = "silent@secretive.example", "Our board meets about zebra crossings."
    carried(system, system.demo, email, firstname="Quirina", message=message)
    said = "\n".join("\n".join(part.lines()) for part in system.parts.values())
    assert [word for word in (email, "secretive", "zebra", "Quirina") if word in said] == []
