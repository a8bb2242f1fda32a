"""What the embedded PostgreSQL and Redis share: one owner, a start from any state, an orderly stop."""

import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from sales_agent.embedded import folders, sockets
from sales_agent.embedded.account import Account, server_account
from sales_agent.embedded.child import end_child
from sales_agent.embedded.layout import Places
from sales_agent.embedded.lock import FolderLock


class EmbeddedServer(ABC):
    """A server on a data folder that one process owns; usable as a context manager."""

    name: ClassVar[str]

    # Each signal and the seconds it gets; whoever outlives them all is killed, and recovers at the next
    # start.
    _stopping: ClassVar[Sequence[tuple[signal.Signals, float]]]

    def __init__(self, data: Path) -> None:
        self._places = Places.beside(data)
        self._lock = FolderLock(self._places.lock)
        self._process: subprocess.Popen[bytes] | None = None
        self._is_first_start = True

    @property
    @abstractmethod
    def _socket_name(self) -> str:
        """The name of the socket within its folder."""

    @abstractmethod
    def _prepare(self, account: Account | None) -> None:
        """Make the data folder fit to be started on; end what a killed owner left there."""

    @abstractmethod
    def _spawn(self, account: Account | None) -> subprocess.Popen[bytes]:
        """Start the program."""

    @abstractmethod
    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        """Return when the server does what it is for."""

    def start(self) -> None:
        """Come up, from nothing, from a clean stop, from a crash, or after a killed owner; no-op while alive.

        Returns when the server takes connections. To be called from the main thread.

        Raises:
            EmbeddedError: one of its subclasses, saying what to do.
        """
        if self.is_alive():
            return
        self._places.data.parent.mkdir(parents=True, exist_ok=True)
        if not self._lock.is_held:
            self._lock.acquire()
        try:
            self._come_up(server_account())
        except BaseException:  # Ctrl-C during a start must not leave a server behind either
            self.stop()
            raise

    def _come_up(self, account: Account | None) -> None:
        self._prepare(account)
        folders.private_folder(self.log.parent)
        if self._is_first_start:  # a restart keeps the words of the one that died
            folders.rotate(self.log)
            self._is_first_start = False
        folders.private_folder(self._places.sockets.parent)
        folders.private_folder(self._socket.parent, account)
        self._process = self._spawn(account)
        self._wait(self._process)

    def stop(self) -> None:
        """Shut down cleanly, or by force if that takes too long, and let go of the folder."""
        if self._process is not None:
            end_child(self._process, self._stopping)
            self._process = None
        if self._lock.is_held:
            shutil.rmtree(self._socket.parent, ignore_errors=True)
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
    def log(self) -> Path:
        """The file the server writes its log to."""
        return self._places.log

    @property
    def _socket(self) -> Path:
        return sockets.folder_for(self._places.sockets, self._socket_name) / self._socket_name

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
