"""Whatever ends the embedded PostgreSQL, the next start has everything that was committed."""

import os
import signal

import psycopg
import pytest

from sales_agent.embedded.errors import EmbeddedMajorMismatch, EmbeddedNotOurs
from sales_agent.embedded.postgres import EmbeddedPostgres, Login


def insert(server, word):
    with psycopg.connect(server.migration_url) as session:
        session.execute("create table if not exists kept (word text)")
        session.execute("insert into kept values (%s)", (word,))


def words(server):
    with psycopg.connect(server.migration_url) as session:
        return [word for (word,) in session.execute("select word from kept order by word")]


def test_a_restart_keeps_the_data_and_the_addresses(postgres):
    insert(postgres, "before")
    urls = postgres.app_url, postgres.migration_url

    postgres.stop()
    assert not postgres.is_alive()
    postgres.start()

    assert words(postgres) == ["before"]
    assert (postgres.app_url, postgres.migration_url) == urls


def test_a_killed_server_comes_back_with_what_was_committed_though_a_session_was_at_work(postgres, until):
    insert(postgres, "committed")
    busy = psycopg.connect(postgres.migration_url)
    busy.execute("insert into kept values ('never committed')")
    os.kill(postgres.pid, signal.SIGKILL)
    until(lambda: not postgres.is_alive())

    postgres.start()

    assert words(postgres) == ["committed"]
    with pytest.raises(psycopg.OperationalError):
        busy.commit()
    busy.close()


def test_starting_a_living_server_changes_nothing(postgres):
    pid = postgres.pid

    postgres.start()

    assert postgres.pid == pid


def test_an_initdb_that_was_cut_short_is_begun_anew(var):
    unfinished = var / ".postgres.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(var / "postgres", fsync=False) as server:
        insert(server, "whole")
        assert words(server) == ["whole"]


def test_a_lost_password_file_is_mended_by_the_next_start(postgres, var):
    insert(postgres, "kept")
    old_url = postgres.app_url
    postgres.stop()
    (var / "secrets" / "postgres.json").unlink()

    postgres.start()

    assert words(postgres) == ["kept"]
    assert postgres.app_url != old_url
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(old_url)


def test_data_of_another_major_version_are_refused_with_the_way_to_carry_them_over(var):
    data = var / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")

    with pytest.raises(EmbeddedMajorMismatch, match=r"holds version 16, this release brings 18") as refused:
        EmbeddedPostgres(data).start()

    assert f"pg_dumpall -h {var}/run/postgres -U postgres -f {data}-16.sql" in str(refused.value)
    assert f"psql -Xqh {var}/run/postgres -U postgres -f {data}-16.sql postgres" in str(refused.value)
    assert (data / "PG_VERSION").read_text() == "16\n"


def test_a_folder_of_other_things_is_left_alone(var):
    data = var / "postgres"
    data.mkdir(parents=True)
    (data / "holiday.jpg").touch()

    with pytest.raises(EmbeddedNotOurs, match="give an empty folder"):
        EmbeddedPostgres(data).start()

    assert [file.name for file in data.iterdir()] == ["holiday.jpg"]


def test_every_database_made_later_has_the_vector_extension(postgres):
    with psycopg.connect(postgres.database_url("postgres", Login.SUPERUSER), autocommit=True) as session:
        session.execute(f"create database later owner {Login.OWNER}")

    for name in ("sales_agent", "later"):
        with psycopg.connect(postgres.database_url(name, Login.OWNER)) as session:
            assert session.execute("select '[3,4]'::vector <-> '[0,0]'::vector").fetchone() == (5.0,)
