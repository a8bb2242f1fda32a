"""The embedded PostgreSQL: made at the first start, owned by one process, ended with it, closed to others.

Where it lies, for a data folder `var/postgres`: socket `var/run/postgres/`, passwords
`var/secrets/postgres.json`, log `var/logs/postgres.log`, lock `var/postgres.lock`.
"""

import os
import signal
import subprocess
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from sales_agent.embedded import access, binaries, cluster, folders
from sales_agent.embedded.account import Account, server_account
from sales_agent.embedded.child import end_child, start_child
from sales_agent.embedded.leftovers import end_leftovers
from sales_agent.embedded.lock import FolderLock
from sales_agent.embedded.passwords import ensure_passwords, read_passwords
from sales_agent.embedded.wait import wait_until_up

DATABASE = "sales_agent"
_PORT = 5432  # without TCP it only names the socket file

# Fast shutdown rolls sessions back and writes a checkpoint; SIGQUIT skips the checkpoint, and the next start
# recovers.
_STOPPING = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0))

# Replaying the log of a crash takes seconds for gigabytes; a server silent for longer than this will not
# come.
_START_SECONDS = 120.0


class Login(StrEnum):
    """Who may connect: the owner migrates, the app works, the superuser is our own system account."""

    OWNER = "sales_agent_owner"
    APP = "sales_agent_app"
    SUPERUSER = "postgres"


class EmbeddedPostgres:
    """One PostgreSQL server on one data folder.

    Args:
        data: the data folder; made if missing. Nobody else's permissions on the way to it are changed.
        fsync: False loses data with the machine's power and is for tests.
        max_connections: how many sessions at once.
        tcp_port: also listen there on 127.0.0.1, with passwords; the URLs keep to the socket.
    """

    name = "postgres"

    def __init__(
        self, data: Path, *, fsync: bool = True, max_connections: int = 200, tcp_port: int | None = None
    ) -> None:
        self.data = data.resolve()
        self.log = self.data.parent / "logs" / f"{self.data.name}.log"
        self._passwords = self.data.parent / "secrets" / f"{self.data.name}.json"
        self._socket_wanted = self.data.parent / "run" / self.data.name
        self._lock = FolderLock(self.data.with_name(f"{self.data.name}.lock"))
        self._settings = cluster.settings(fsync=fsync, max_connections=max_connections, tcp_port=tcp_port)
        self._fsync, self._has_tcp, self._port = fsync, tcp_port is not None, tcp_port or _PORT
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Come up, from nothing, from a clean stop, from a crash, or after a killed owner; no-op while alive.

        Returns when the server takes connections, with database, logins and extension in place. Blocks for
        about a second the first time. To be called from the main thread.

        Raises:
            EmbeddedError: its subclasses but EmbeddedNeverStarted, each saying what to do.
        """
        if self.is_alive():
            return
        account = server_account()
        install = binaries.runnable_by(account, binaries.postgres_install())
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if not self._lock.is_held:
            self._lock.acquire()
        try:
            self._come_up(install, account)
        except BaseException:
            self.stop()
            raise

    def _come_up(self, install: Path, account: Account | None) -> None:
        cluster.refuse_other_major(self.data, install)
        folders.private_folder(self.log.parent)
        folders.rotate(self.log)
        passwords = ensure_passwords(self._passwords, (Login.OWNER, Login.APP))
        if not (self.data / "PG_VERSION").exists():
            cluster.create(self.data, install, account, durable=self._fsync)
        folders.private_folder(self.data, account)
        end_leftovers(self.data, "postgres", head=cluster.recorded_pid(self.data), steps=_STOPPING)
        cluster.forget_recorded_pid(self.data)
        access.write_rules(self.data, account, has_tcp=self._has_tcp)
        sockets = folders.socket_folder(self._socket_wanted, self._socket_name, account)
        process = self._process = self._spawn(install, account, sockets)
        is_up = partial(cluster.is_ready, self.data, process.pid)
        wait_until_up(process, is_up, log=self.log, within_seconds=_START_SECONDS)
        words = {"OWNER_PASSWORD": passwords[Login.OWNER], "APP_PASSWORD": passwords[Login.APP]}
        access.prepare(install, sockets, self._port, words)

    def _spawn(self, install: Path, account: Account | None, sockets: Path) -> subprocess.Popen[bytes]:
        data, data_door = cluster.open_door(self.data)
        socket, socket_door = cluster.open_door(sockets)
        settings = self._settings | {"port": str(self._port), "unix_socket_directories": socket_door}
        try:
            with self.log.open("ab") as log:
                return start_child(
                    [install / "bin" / "postgres", "-D", data_door, *cluster.as_arguments(settings)],
                    env=cluster.ENVIRONMENT,
                    log=log,
                    dies_by=signal.SIGINT,
                    account=account,
                    keep_open=(data, socket),
                )
        finally:
            os.close(data)
            os.close(socket)

    def stop(self) -> None:
        """Shut down cleanly, or by force if that takes too long, and let go of the folder."""
        if self._process is not None:
            end_child(self._process, _STOPPING)
            self._process = None
        if self._lock.is_held:
            sockets = folders.find_socket_folder(self._socket_wanted, self._socket_name)
            folders.remove_socket_folder(sockets, self._socket_wanted)
            self._lock.release()

    def is_alive(self) -> bool:
        """Whether the server this object started is still running."""
        return self._process is not None and self._process.poll() is None

    def holder(self) -> int | None:
        """The pid of the process that owns this folder at this moment, ours or another, or None."""
        return self._lock.holder()

    @property
    def pid(self) -> int | None:
        """The pid of the server, or None while it is down."""
        return self._process.pid if self._process is not None and self.is_alive() else None

    @property
    def app_url(self) -> str:
        """The URL for `DATABASE_URL`: the login that owns nothing."""
        return self.database_url(DATABASE, Login.APP)

    @property
    def migration_url(self) -> str:
        """The URL for `MIGRATION_DATABASE_URL`: the owner."""
        return self.database_url(DATABASE, Login.OWNER)

    def database_url(self, name: str, role: Login) -> str:
        """The URL of any database on this server, as libpq, psycopg and SQLAlchemy read it; holds a password.

        Any process of the same account may ask, also one that did not start the server.

        Raises:
            EmbeddedNeverStarted: there are no passwords yet.
        """
        password = "" if role is Login.SUPERUSER else f":{read_passwords(self._passwords)[role]}"
        sockets = folders.find_socket_folder(self._socket_wanted, self._socket_name)
        return f"postgresql://{role}{password}@/{quote(name)}?host={quote(str(sockets))}&port={self._port}"

    @property
    def _socket_name(self) -> str:
        return f".s.PGSQL.{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
