"""`sales-agent up`: a whole system from one command, refused in sentences where it cannot be."""

import signal
import socket

import psycopg

from sales_agent.bootstrap.probes import api_answers
from sales_agent.embedded.redis import EmbeddedRedis
from tests.conftest import DatabaseUrls
from tests.integration.console.conftest import Installation, wait_until


def is_ready(installation: Installation) -> bool:
    return installation.status()["ready"] is True


def test_one_command_brings_up_everything_and_a_signal_brings_it_down_in_order(installation: Installation):
    system = installation.start("up")
    wait_until(lambda: is_ready(installation), "the system is ready")

    status = installation.status()
    assert {process["role"] for process in status["processes"]} == {"worker", "relay"}
    assert (status["kill_switch"]["stopped_at"], status["real_sends_possible"]) == (None, False)
    assert "Take care" not in installation.said("up")
    assert installation.run("keys", "create", "--name", "me", "--scope", "read").stdout.startswith("sa_")
    assert "me" in installation.run("keys", "list").stdout

    system.send_signal(signal.SIGTERM)
    assert system.wait(60) == 0
    assert not api_answers("127.0.0.1", installation.port)
    assert installation.status()["system"] is None
    assert installation.said("up").rstrip().endswith("Stopped.")


def test_a_second_system_on_the_same_folder_is_refused_and_harms_nothing(installation: Installation):
    installation.start("up")
    wait_until(lambda: is_ready(installation), "the system is ready")

    second = installation.run("up", PORT="0")

    assert second.returncode == 1
    assert "Another process runs on this folder" in second.stderr
    assert is_ready(installation)
    assert installation.status()["system"]["port"] == installation.port


def test_a_taken_port_is_named_with_the_setting_that_moves_it(installation: Installation):
    with socket.create_server(("127.0.0.1", installation.port)):
        refused = installation.run("up")

    assert refused.returncode == 1
    assert f"port {installation.port}" in refused.stderr
    assert "PORT=" in refused.stderr
    assert not (installation.folder / "var" / "postgres").exists()


def test_servers_by_url_are_used_with_no_other_change(
    installation: Installation, bare_database_urls: DatabaseUrls, redis_server: EmbeddedRedis
):
    installation.settings |= {
        "DATABASE_URL": bare_database_urls.app,
        "MIGRATION_DATABASE_URL": bare_database_urls.owner,
        "REDIS_URL": redis_server.url(),
        "DRAFT_ONLY": "false",
        "ALLOW_REAL_SENDS": "true",
    }
    installation.start("up")
    wait_until(lambda: is_ready(installation), "the system is ready")
    assert "Take care. Real sends are on for every tenant that has not lowered them" in installation.said("up")
    installation.run("emergency", "stop", "--reason", "drill")
    told = installation.run("status").stdout
    assert "by command_line: drill." in told
    assert "Real sends are on" in told

    assert not (installation.folder / "var" / "postgres").exists()
    assert not (installation.folder / "var" / "redis").exists()
    with psycopg.connect(bare_database_urls.superuser) as connection:
        assert connection.execute("select slug from tenant").fetchall() == [("default",)]


def test_without_the_owners_login_a_database_without_tables_is_refused(
    installation: Installation, bare_database_urls: DatabaseUrls, redis_server: EmbeddedRedis
):
    installation.settings |= {"DATABASE_URL": bare_database_urls.app, "REDIS_URL": redis_server.url()}

    refused = installation.run("up")

    assert refused.returncode == 1
    assert "MIGRATION_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_the_owners_login_a_database_with_tables_will_do(
    installation: Installation, database_urls: DatabaseUrls, redis_server: EmbeddedRedis
):
    installation.settings |= {"DATABASE_URL": database_urls.app, "REDIS_URL": redis_server.url()}

    installation.start("up")

    wait_until(lambda: is_ready(installation), "the system is ready")


def test_commands_start_the_database_for_the_moment_where_nobody_runs_it(installation: Installation):
    made = installation.run("setup")
    key = installation.run("keys", "create", "--name", "me", "--scope", "operate")
    listed = installation.run("keys", "list")

    assert (made.returncode, key.returncode, listed.returncode) == (0, 0, 0)
    assert key.stdout.startswith("sa_")
    assert key.stdout.strip() not in listed.stdout
    assert installation.run("setup").returncode == 0
    assert installation.status()["health"] is None


def test_a_revoked_key_is_shown_as_such(installation: Installation):
    installation.run("keys", "create", "--name", "me", "--scope", "operate")
    key_id = installation.run("keys", "list").stdout.splitlines()[1].split()[0]

    assert installation.run("keys", "revoke", key_id).returncode == 0
    assert "revoked" in installation.run("keys", "list").stdout
    again = installation.run("keys", "revoke", key_id)
    assert again.returncode == 1
    assert "keys list" in again.stderr
