"""The embedded Redis: append-only, on a socket that only our own account can open, owned by one process.

Version 6.2 knows nothing of later fixes to its scripting, so it is for one machine and trusted callers; a
production system sets REDIS_URL. What it holds may be lost without losing a lead: PostgreSQL has the truth.
"""

import os
import signal
import socket
import subprocess
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from sales_agent.embedded import binaries, folders
from sales_agent.embedded.account import Account
from sales_agent.embedded.child import BARE_ENVIRONMENT, start_child
from sales_agent.embedded.leftovers import end_leftovers
from sales_agent.embedded.passwords import password_of
from sales_agent.embedded.server import EmbeddedServer
from sales_agent.embedded.wait import wait_until_up

_LOGIN = "default"  # Redis's own name for the account behind `requirepass`

# Reading back an append-only file runs at hundreds of megabytes a second.
_START_SECONDS = 60.0

# A server that takes a connection but does not answer this fast is asked again.
_PING_SECONDS = 0.5


class EmbeddedRedis(EmbeddedServer):
    """One Redis server on one folder.

    Args:
        folder: where its append-only file lies; made if missing. Its parent gets `run`, `logs` and a lock
            file.
        tcp_port: also listen there on 127.0.0.1; then, and only then, a generated password is asked for,
            which
            the URLs carry. They keep to the socket.
    """

    name = "redis"

    # It writes its file to the disk and goes; force loses at most the last second.
    _stopping: ClassVar = ((signal.SIGTERM, 10.0),)

    def __init__(self, folder: Path, *, tcp_port: int | None = None) -> None:
        super().__init__(folder)
        self._tcp_port = tcp_port

    @property
    def _socket_name(self) -> str:
        return "redis.sock"

    def _prepare(self, account: Account | None) -> None:
        folders.private_folder(self._places.data, account)
        end_leftovers(self._places.data, "redis-server", head=None, steps=self._stopping)

    def _spawn(self, account: Account | None) -> subprocess.Popen[bytes]:
        program = binaries.redis_server()
        with (
            folders.door(program) as runnable,
            folders.door(self._places.data) as data,
            folders.door(self._socket.parent) as place,
            os.fdopen(os.memfd_create("redis.conf"), "w+b") as settings,
            self.log.open("ab") as log,
        ):
            settings.write(self._settings(data.path, f"{place.path}/{self._socket_name}").encode())
            settings.seek(0)
            return start_child(
                [program.name, "-"],  # settings by stdin, where nobody sees a password
                executable=runnable.path,
                env=BARE_ENVIRONMENT,
                log=log,
                dies_by=signal.SIGTERM,
                account=account,
                keep_open=(runnable.descriptor, data.descriptor, place.descriptor),
                stdin=settings,
            )

    def _settings(self, data: str, socket_path: str) -> str:
        settings = {
            "port": "0",
            "unixsocket": socket_path,
            "unixsocketperm": "700",
            "dir": data,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        if self._tcp_port:
            password = password_of(_LOGIN, self._places.passwords)
            settings |= {"port": str(self._tcp_port), "bind": "127.0.0.1", "requirepass": password}
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        is_up = partial(_answers, self._socket)
        wait_until_up(process, is_up, log=self.log, within_seconds=_START_SECONDS)

    def url(self, database: int = 0) -> str:
        """The URL of one of its databases, as redis-py reads it; known before the first start."""
        return f"unix://{self._address()}?db={database}"

    def celery_url(self, database: int) -> str:
        """The same as Celery's broker reads it."""
        return f"redis+socket://{self._address()}?virtual_host={database}"

    def _address(self) -> str:
        password = f":{password_of(_LOGIN, self._places.passwords)}@" if self._tcp_port else ""
        return f"{password}{quote(str(self._socket))}"


def _answers(path: Path) -> bool:
    """Whether the server takes commands; one that still reads its file back says -LOADING instead."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_PING_SECONDS)
        try:
            connection.connect(os.fspath(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False
