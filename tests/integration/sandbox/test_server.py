"""The server itself: what it journals, what it keeps over a restart, and how it starts and ends."""

import asyncio
import datetime as dt
import json
import subprocess
import sys
import time

import httpx2
import pytest

from sales_agent.sandbox.client import SandboxRefused
from sales_agent.sandbox.process import SandboxDidNotStart, running_sandbox
from sales_agent.sandbox.server import SandboxServer

TOKEN = {"Authorization": "Bearer sandbox-token"}
CONTACTS = "/crm/objects/2026-03/contacts"


def make_contact(url, email):
    answer = httpx2.post(f"{url}{CONTACTS}", headers=TOKEN, json={"properties": {"email": email}})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_every_request_is_journalled_with_its_answer_and_without_its_token(http, sandbox):
    http.get(f"{CONTACTS}/1001", params={"properties": ["email", "phone"], "archived": "false"})
    http.post(CONTACTS, json={"properties": {"email": "broken"}})
    first, second = sandbox.journal(provider="hubspot")
    assert (first["method"], first["path"]) == ("GET", f"{CONTACTS}/1001")
    assert first["query"] == {"properties": ["email", "phone"], "archived": "false"}
    assert first["headers"]["authorization"] == "[redacted]"
    assert (first["status"], json.loads(first["answer"])["id"]) == (200, "1001")
    assert (second["body"], second["status"]) == ({"properties": {"email": "broken"}}, 400)
    assert dt.datetime.fromisoformat(first["time"]) <= dt.datetime.fromisoformat(second["time"])
    assert "sandbox-token" not in json.dumps(sandbox.journal())


def test_secrets_in_a_token_request_are_not_journalled(http, sandbox):
    form = {"client_id": "app", "client_secret": "s3cret", "grant_type": "refresh_token", "refresh_token": "sandbox-r"}
    http.post("/token", data=form)
    (entry,) = sandbox.journal(provider="google_oauth")
    assert entry["body"] == {**form, "client_secret": "[redacted]", "refresh_token": "[redacted]"}


def test_the_journal_can_be_narrowed_and_cleared(http, sandbox):
    http.get(f"{CONTACTS}/1001")
    http.get("/gmail/v1/users/me/profile")
    (gmail,) = sandbox.journal(provider="gmail")
    assert [entry["path"] for entry in sandbox.journal(path="profile")] == ["/gmail/v1/users/me/profile"]
    assert sandbox.journal(since=gmail["sequence"]) == []
    sandbox.clear_journal()
    assert sandbox.journal() == []


def test_a_body_that_is_no_json_is_refused_in_the_vendors_words(http):
    answer = http.post(CONTACTS, content=b"{not json", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_an_unknown_command_is_refused(sandbox):
    with pytest.raises(SandboxRefused):
        sandbox.command("explode")
    with pytest.raises(SandboxRefused):
        sandbox.state("nothing")


def test_a_wait_for_a_request_that_never_comes_ends(sandbox):
    with pytest.raises(TimeoutError):
        sandbox.wait_for_request("contacts", seconds=0.1)


def test_the_clock_can_be_moved_and_starts_where_it_was_told_to(sandbox):
    before = dt.datetime.fromisoformat(sandbox.health()["now"])
    assert before.date() == dt.date(2026, 3, 4)
    sandbox.shift_clock(86_400)
    after = dt.datetime.fromisoformat(sandbox.health()["now"])
    assert dt.timedelta(days=1) <= after - before < dt.timedelta(days=1, seconds=10)
    sandbox.command("clock", now="2026-07-01T00:00:00+00:00")
    assert sandbox.health()["now"].startswith("2026-07-01T00:00:0")


def test_an_empty_world_holds_nobody(sandbox):
    sandbox.reset(empty=True)
    assert sandbox.state("contacts") == sandbox.state("threads") == sandbox.state("files") == []


def test_a_restarted_sandbox_still_knows_its_contacts_drafts_and_links(tmp_path):
    state, journal = tmp_path / "state.json", tmp_path / "journal.jsonl"
    with running_sandbox(state=state, journal=journal, today="2026-03-04T09:00:00+01:00") as sandbox:
        contact = make_contact(sandbox.url, "new@person.example")
        httpx2.put(f"{sandbox.url}{CONTACTS}/{contact}/associations/default/companies/2001", headers=TOKEN)
        message = {"raw": "VG86IGFAcGVyc29uLmV4YW1wbGUNClN1YmplY3Q6IEhpDQoNCkhlbGxv"}
        httpx2.post(f"{sandbox.url}/gmail/v1/users/me/drafts", headers=TOKEN, json={"message": message})
        before = {kind: sandbox.state(kind) for kind in ("contacts", "drafts", "events", "files", "messages")}
    with running_sandbox(state=state, journal=journal) as sandbox:
        assert {kind: sandbox.state(kind) for kind in before} == before
        assert make_contact(sandbox.url, "next@person.example") != contact
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["method"] for line in lines] == ["POST", "PUT", "POST", "POST"]


def test_what_was_written_is_on_disk_moments_later(tmp_path):
    state = tmp_path / "state.json"
    with running_sandbox(state=state) as sandbox:
        make_contact(sandbox.url, "new@person.example")
        ends = time.monotonic() + 5
        while "new@person.example" not in (state.read_text() if state.exists() else ""):
            assert time.monotonic() < ends
            time.sleep(0.02)


def test_a_sandbox_ends_with_whoever_started_it():
    starter = (
        "import os; from sales_agent.sandbox.process import running_sandbox\n"
        "with running_sandbox() as sandbox: print(sandbox.url, flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", starter], capture_output=True, text=True, check=False, timeout=30)
    url = done.stdout.strip()
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        try:
            httpx2.get(f"{url}/_sandbox/health", timeout=1)
        except httpx2.ConnectError:
            return
        time.sleep(0.05)
    pytest.fail("the sandbox outlived its starter")


def test_a_port_that_is_taken_is_told_at_once(sandbox):
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(SandboxDidNotStart), running_sandbox(port=port):
        pass


async def test_the_server_also_runs_inside_a_test():
    server = SandboxServer()
    await server.start()
    try:
        answer = await asyncio.to_thread(httpx2.get, f"{server.url}{CONTACTS}/1001", headers=TOKEN)
        assert answer.json()["id"] == "1001"
    finally:
        await server.stop()
