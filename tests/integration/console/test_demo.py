"""The demo from a fresh folder to three printed drafts, and again on the same folder."""

import json
import os
import re
import signal
import socket
import subprocess
import sys

import httpx2
import pytest

from sales_agent.bootstrap.probes import api_answers, is_sandbox
from tests.integration.console.conftest import Installation, wait_until

STEPS = 14


def test_the_demo_prints_three_checked_drafts_and_another_run_knows_the_contacts(installation: Installation):
    first = installation.run("demo", "--exit")

    assert first.returncode == 0, first.stdout + first.stderr
    printed = first.stdout
    for person in ("ines.carvalho@", "daniel.ortiz@", "asha.pillai@"):
        assert len(re.findall(f"To: .*<{person}", printed)) == 1
    assert len(re.findall(r"Subject: \S", printed)) == 3
    assert len(re.findall(r"HubSpot task +\d+ \(done\)", printed)) == 3
    assert len(re.findall(r"HubSpot note +\d+ \(done\)", printed)) == 3
    assert len(re.findall(r"Gmail draft +r\d+ \(done\)", printed)) == 3
    assert len(re.findall(r"Slots +in \w+/\w+", printed)) == 3
    assert len(re.findall(r"10\.5 +decide_approval +done", printed)) >= 3
    assert "form field message: " in printed
    assert "mail message " in printed

    second = installation.run("smoke-formlead", "--json")

    answer = json.loads(second.stdout)
    assert (second.returncode, answer["ok"]) == (0, True)
    steps = {step["name"]: step for step in answer["run"]["steps"]}
    assert len(steps) == STEPS
    assert steps["resolve_contact"]["output"]["was_created"] is False
    assert answer["draft"]["is_checked"]


def test_the_demo_serves_until_it_is_stopped_and_says_how_to_go_on(installation: Installation):
    demo = installation.start("demo")
    wait_until(lambda: "until Ctrl-C" in installation.said("demo"), "the demo serves")

    printed = installation.said("demo")
    key = next(iter(re.findall(r"X-API-Key: (sa_[\w-]{43})", printed)))
    api = f"http://127.0.0.1:{installation.port}"
    drafts = httpx2.get(f"{api}/api/drafts", headers={"X-API-Key": key}).json()
    more = httpx2.post(f"{api}/api/demo/lead", headers={"X-API-Key": key})
    smoke = installation.run("smoke-formlead")

    assert len(drafts["items"]) == 3
    assert more.status_code == 202
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr

    demo.send_signal(signal.SIGINT)
    assert demo.wait(60) == 0
    assert not api_answers("127.0.0.1", installation.port)


def test_taken_ports_do_not_keep_the_demo_from_running(installation: Installation):
    sandbox_port = int(installation.settings["SANDBOX_PORT"])
    with (
        socket.create_server(("127.0.0.1", installation.port)),
        socket.create_server(("127.0.0.1", sandbox_port)),
    ):
        done = installation.run("smoke-formlead")

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_system_without_the_demo_is_not_turned_into_one(installation: Installation):
    installation.start("up")
    wait_until(lambda: installation.status()["ready"] is True, "the system is ready")

    refused = installation.run("demo", "--exit")

    assert refused.returncode == 1
    assert "without the demo" in refused.stderr
    assert not is_sandbox(int(installation.settings["SANDBOX_PORT"]))


@pytest.mark.long
def test_after_a_kill_of_the_supervisor_the_demo_runs_again_at_once(installation: Installation):
    demo = installation.start("demo")
    wait_until(lambda: "until Ctrl-C" in installation.said("demo"), "the demo serves")
    os.kill(demo.pid, signal.SIGKILL)
    demo.wait()

    again = installation.run("smoke-formlead")

    assert again.returncode == 0, again.stdout + again.stderr


def test_a_demo_nobody_reads_stops_what_it_started(installation: Installation):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as unread:
        done = subprocess.run(
            [sys.executable, "-m", "sales_agent.cli", "smoke-formlead"],
            stdout=unread,
            stderr=subprocess.DEVNULL,
            env={**installation.environment, "PYTHONIOENCODING": "ascii"},
            cwd="/",
            timeout=90,
            check=False,
        )

    assert done.returncode != 0
    assert installation.status()["system"] is None
