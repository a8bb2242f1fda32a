"""Every part by a command of its own, as production starts them on its machines."""

import signal

import pytest

from sales_agent.bootstrap.probes import api_answers, is_sandbox
from sales_agent.embedded.redis import EmbeddedRedis
from tests.conftest import DatabaseUrls
from tests.integration.console.conftest import Installation, wait_until

PARTS = ("api", "worker", "relay", "schedule")


@pytest.fixture
def on_servers(
    installation: Installation, bare_database_urls: DatabaseUrls, redis_server: EmbeddedRedis
) -> Installation:
    """An installation on servers that somebody else runs, not yet set up."""
    installation.settings |= {"DATABASE_URL": bare_database_urls.app, "REDIS_URL": redis_server.url()}
    owner = bare_database_urls.owner
    assert installation.run("setup", MIGRATION_DATABASE_URL=owner).returncode == 0
    assert installation.run("migrate", MIGRATION_DATABASE_URL=owner).returncode == 0
    return installation


def test_parts_started_one_by_one_make_a_system(on_servers: Installation):
    parts = {name: on_servers.start(name) for name in PARTS}
    wait_until(lambda: on_servers.status()["ready"] is True, "the system is ready")
    wait_until(lambda: api_answers("127.0.0.1", on_servers.port), "the API answers")

    for process in parts.values():
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
    ends = {name: process.wait(40) for name, process in parts.items()}
    # uvicorn, having answered what was under way, ends by the very signal it got.
    assert ends == {**dict.fromkeys(PARTS, 0), "api": -signal.SIGTERM}
    assert on_servers.status()["processes"] == []


def test_the_sandbox_runs_alone(installation: Installation):
    sandbox = installation.start("sandbox")
    port = int(installation.settings["SANDBOX_PORT"])

    wait_until(lambda: is_sandbox(port), "the sandbox answers")

    sandbox.send_signal(signal.SIGTERM)
    assert sandbox.wait(20) == 0
