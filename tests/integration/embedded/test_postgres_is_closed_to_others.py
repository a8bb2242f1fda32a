"""Who may do what on the embedded PostgreSQL, and who may not even knock."""

import os
import pwd
import socket
import stat
import subprocess

import psycopg
import pytest

from sales_agent.embedded.account import Account
from sales_agent.embedded.binaries import postgres_install, runnable_by
from sales_agent.embedded.postgres import EmbeddedPostgres, Login


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def account_of(name):
    entry = pwd.getpwnam(name)
    return Account(name, entry.pw_uid, entry.pw_gid)


def test_socket_data_logs_and_passwords_are_open_to_one_account_only(postgres, var):
    assert mode(var / "run" / "postgres" / ".s.PGSQL.5432") == 0o700
    assert mode(var / "secrets" / "postgres.json") == 0o600
    for folder in ("run", "run/postgres", "postgres", "logs", "secrets"):
        assert mode(var / folder) == 0o700, folder


@pytest.mark.parametrize("login", [Login.OWNER, Login.APP])
def test_neither_login_gets_in_without_its_password(postgres, login):
    url = postgres.database_url("sales_agent", login)
    bare = url.replace(f"{login}:{url.split(':')[2].split('@')[0]}@", f"{login}@")
    wrong = url.replace(f"{login}:", f"{login}:x")

    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(bare)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_app_owns_nothing_and_nobody_but_the_superuser_bypasses_row_security(postgres):
    with psycopg.connect(postgres.app_url) as session:
        attributes = session.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles"
            " where rolname like 'sales_agent%' order by rolname"
        ).fetchall()
        owner = session.execute(
            "select pg_get_userbyid(datdba) from pg_database where datname = 'sales_agent'"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("create table mine ()")

    assert attributes == [
        ("sales_agent_app", False, False, False, False, False),
        ("sales_agent_owner", False, False, True, False, False),
    ]
    assert owner == ("sales_agent_owner",)


@pytest.fixture
def psql_of_strangers(open_place):
    """Ask for superuser rights on a server, as each account we can speak for: as root, two; as anybody else, none.

    What an ordinary user cannot try here, the permissions above say all the same.
    """

    def ask(sockets):
        answers = []
        for account in map(account_of, ("daemon", "nobody") if os.geteuid() == 0 else ()):
            install = runnable_by(account, postgres_install(), place=open_place / "copies")
            done = subprocess.run(
                [install / "bin" / "psql", "-XAt", "-h", sockets, "-U", "postgres", "-c", "select 1", "postgres"],
                check=False,
                capture_output=True,
                text=True,
                cwd="/",
                user=account.user_id,
                group=account.group_id,
                extra_groups=[],
            )
            answers.append((account.name, done.stdout, done.stderr))
        return answers

    return ask


def test_no_other_account_reaches_the_socket_and_the_one_the_server_runs_as_is_no_superuser(
    open_place, psql_of_strangers
):
    with EmbeddedPostgres(open_place / "postgres", fsync=False):
        for name, said, complained in psql_of_strangers(open_place / "run" / "postgres"):
            assert said == "", name
            assert "Permission denied" in complained, name


def test_no_other_account_becomes_superuser_even_where_the_permissions_are_undone(open_place, psql_of_strangers):
    with EmbeddedPostgres(open_place / "postgres", fsync=False):
        (open_place / "run").chmod(0o777)
        (open_place / "run" / "postgres").chmod(0o777)
        (open_place / "run" / "postgres" / ".s.PGSQL.5432").chmod(0o777)

        for name, said, complained in psql_of_strangers(open_place / "run" / "postgres"):
            assert said == "", name
            assert "Peer authentication failed" in complained, name


def test_tcp_is_closed_unless_asked_for_and_then_local_with_passwords_and_without_superuser(var):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = var / "postgres"
    with EmbeddedPostgres(data, fsync=False), pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(host="127.0.0.1", port=5432, user=Login.APP, dbname="sales_agent")

    with EmbeddedPostgres(data, fsync=False, tcp_port=port) as server:
        password = psycopg.conninfo.conninfo_to_dict(server.app_url)["password"]
        place = {"host": "127.0.0.1", "port": port, "dbname": "sales_agent"}
        with psycopg.connect(user=Login.APP, password=password, **place) as session:
            assert session.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
        with psycopg.connect(server.app_url) as session:
            assert session.execute("select inet_client_addr()").fetchone() == (None,)
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(user=Login.APP, **place)
        with pytest.raises(psycopg.OperationalError, match="rejects connection"):
            psycopg.connect(user="postgres", **place)


def test_a_failed_insert_leaves_no_address_in_the_log(postgres):
    with psycopg.connect(postgres.migration_url, autocommit=True) as session:
        session.execute("create table contacts (email text primary key)")
        session.execute("insert into contacts values ('ada@sender.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            session.execute("insert into contacts values ('ada@sender.example')")

    log = postgres.log.read_text()
    assert "duplicate key value" in log
    assert "ada@" not in log
