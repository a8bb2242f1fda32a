"""The embedded PostgreSQL: made at the first start, owned by one process, ended with it, closed to others."""

import signal
import subprocess
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from sales_agent.embedded import access, binaries, cluster, folders
from sales_agent.embedded.account import Account
from sales_agent.embedded.child import BARE_ENVIRONMENT, start_child
from sales_agent.embedded.leftovers import end_leftovers
from sales_agent.embedded.passwords import password_of
from sales_agent.embedded.server import EmbeddedServer
from sales_agent.embedded.wait import wait_until_up

DATABASE = "sales_agent"

# Without TCP it only names the socket file, and clients expect this one.
_PORT = 5432

# Replaying the log of a crash takes seconds for gigabytes; a server silent for longer than this will not
# come.
_START_SECONDS = 120.0


class Login(StrEnum):
    """Who may connect: the owner migrates, the app works, the superuser is our own system account."""

    OWNER = "sales_agent_owner"
    APP = "sales_agent_app"
    SUPERUSER = "postgres"


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL server on one data folder, with database, logins and the vector extension in place.

    The first start takes about half a second, a later one a tenth of that.

    Args:
        data: the data folder; made if missing. Nobody else's permissions on the way to it are changed. Its
            parent gets `run`, `logs`, `secrets` and a lock file, and so should be a folder of ours.
        fsync: False loses data with the machine's power and is for tests.
        max_connections: how many sessions at once.
        tcp_port: also listen there on 127.0.0.1, with passwords; the URLs keep to the socket.
    """

    name = "postgres"

    # Fast shutdown rolls sessions back and writes a checkpoint; SIGQUIT skips the checkpoint.
    _stopping: ClassVar = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0))

    def __init__(
        self, data: Path, *, fsync: bool = True, max_connections: int = 200, tcp_port: int | None = None
    ) -> None:
        super().__init__(data)
        self._settings = cluster.settings(fsync=fsync, max_connections=max_connections, tcp_port=tcp_port)
        self._fsync, self._has_tcp, self._port = fsync, tcp_port is not None, tcp_port or _PORT

    @property
    def _socket_name(self) -> str:
        return f".s.PGSQL.{self._port}"

    def _prepare(self, account: Account | None) -> None:
        data, install = self._places.data, binaries.runnable_by(account, binaries.postgres_install())
        cluster.refuse_other_major(data, install, self._socket.parent)
        if not (data / "PG_VERSION").exists():
            cluster.create(data, install, account, durable=self._fsync)
        folders.private_folder(data, account)
        end_leftovers(data, "postgres", head=cluster.recorded_pid(data), steps=self._stopping)
        cluster.forget_recorded_pid(data)
        access.write_rules(data, account, has_tcp=self._has_tcp)

    def _spawn(self, account: Account | None) -> subprocess.Popen[bytes]:
        install = binaries.runnable_by(account, binaries.postgres_install())
        with (
            folders.door(self._places.data) as data,
            folders.door(self._socket.parent) as place,
            self.log.open("ab") as log,
        ):
            settings = self._settings | {"port": str(self._port), "unix_socket_directories": place.path}
            return start_child(
                [install / "bin" / "postgres", "-D", data.path, *cluster.as_arguments(settings)],
                env=BARE_ENVIRONMENT,
                log=log,
                dies_by=signal.SIGINT,
                account=account,
                keep_open=(data.descriptor, place.descriptor),
            )

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        is_up = partial(cluster.is_ready, self._places.data, process.pid)
        wait_until_up(process, is_up, log=self.log, within_seconds=_START_SECONDS)
        passwords = {
            "OWNER_PASSWORD": password_of(Login.OWNER, self._places.passwords),
            "APP_PASSWORD": password_of(Login.APP, self._places.passwords),
        }
        access.prepare(binaries.postgres_install(), self._socket.parent, self._port, passwords)

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

        It is known before the first start, and to any process of the same account.
        """
        password = "" if role is Login.SUPERUSER else f":{password_of(role, self._places.passwords)}"
        place = f"host={quote(str(self._socket.parent))}&port={self._port}"
        return f"postgresql://{role}{password}@/{quote(name)}?{place}"
