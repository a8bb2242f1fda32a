"""The data folder of the embedded PostgreSQL: made whole or not at all, and what its files tell."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sales_agent.embedded import folders
from sales_agent.embedded.account import Account
from sales_agent.embedded.binaries import POSTGRES_MAJOR
from sales_agent.embedded.child import BARE_ENVIRONMENT
from sales_agent.embedded.errors import EmbeddedDidNotStart, EmbeddedMajorMismatch, EmbeddedNotOurs

# The line of postmaster.pid that says "ready" once sessions are taken: LOCK_FILE_LINE_PM_STATUS of
# miscadmin.h.
_STATUS_LINE = 7


def settings(*, fsync: bool, max_connections: int, tcp_port: int | None) -> dict[str, str]:
    """The server's settings; two of them keep the addresses of a failed insert out of the log.

    Without fsync a commit still reaches the operating system, so a killed server loses nothing, only a machine does.
    """
    durable = "on" if fsync else "off"
    return {
        "fsync": durable,
        "full_page_writes": durable,
        "max_connections": str(max_connections),
        "shared_buffers": "128MB",
        "listen_addresses": "127.0.0.1" if tcp_port else "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }


def as_arguments(chosen: Mapping[str, str]) -> list[str]:
    """The settings as command line arguments, which override whatever stands in the data folder."""
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def refuse_other_major(data: Path, install: Path, sockets: Path) -> None:
    """Check that `data` is ours to start.

    Raises:
        EmbeddedMajorMismatch: another major version wrote it; the message has the commands to carry it over.
        EmbeddedNotOurs: it holds something that is no PostgreSQL data.
    """
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if data.exists() and any(data.iterdir()):
            raise EmbeddedNotOurs(f"{data} holds files but no PG_VERSION: give an empty folder.") from None
        return
    if found != POSTGRES_MAJOR:
        raise EmbeddedMajorMismatch(_how_to_carry_over(data, found, install / "bin", sockets))


def _how_to_carry_over(data: Path, found: str, programs: Path, sockets: Path) -> str:
    aside = data.with_name(f"{data.name}-{found}")
    return f"""{data} holds version {found}, this release brings {POSTGRES_MAJOR}. To carry it over:
  with the release that wrote it:  python -m sales_agent.embedded {data}
  beside it, dump:                 {programs}/pg_dumpall -h {sockets} -U postgres -f {aside}.sql
  stop it (Ctrl-C), put it aside:  mv {data} {aside}
  with this release:               python -m sales_agent.embedded {data}
  beside it, restore:              {programs}/psql -Xqh {sockets} -U postgres -f {aside}.sql postgres
Roles and the database exist already: that they cannot be created again is no harm."""


def create(data: Path, install: Path, account: Account | None, *, durable: bool) -> None:
    """Make a new cluster beside `data`, then rename it: initdb cut short leaves nothing that looks whole."""
    unfinished = data.with_name(f".{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    folders.private_folder(unfinished, account)
    with folders.door(unfinished) as door:
        _initdb(install, door, account, durable=durable)
    unfinished.rename(data)  # takes the place of an empty folder too
    if durable:
        folders.sync(data.parent)


def _initdb(install: Path, data: folders.Door, account: Account | None, *, durable: bool) -> None:
    done = subprocess.run(
        [
            *(install / "bin" / "initdb", "-D", data.path, "-U", "postgres", "--no-instructions"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums"),
            *("--auth-local=peer", "--auth-host=reject"),
            *(() if durable else ("--no-sync",)),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=BARE_ENVIRONMENT,
        pass_fds=(data.descriptor,),
        user=account.user_id if account else None,
        group=account.group_id if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode:
        raise EmbeddedDidNotStart(f"initdb says: {done.stderr.strip()}")


def recorded_pid(data: Path) -> int | None:
    """The pid that the last server wrote into its data folder; it need not exist any more."""
    lines = _pid_file_lines(data)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def forget_recorded_pid(data: Path) -> None:
    """Remove the pid file once no server is left: a stranger who has the number now would block a start."""
    (data / "postmaster.pid").unlink(missing_ok=True)


def is_ready(data: Path, pid: int) -> bool:
    """Whether the server with this pid has written that it takes sessions."""
    lines = _pid_file_lines(data)
    return len(lines) > _STATUS_LINE and lines[0] == str(pid) and lines[_STATUS_LINE].strip() == "ready"


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
