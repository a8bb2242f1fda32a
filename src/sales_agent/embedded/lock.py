"""One owner per folder: an advisory lock that the kernel lets go of when its holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

from sales_agent.embedded.errors import EmbeddedAlreadyRunning, EmbeddedNotOurs

# A child that a killed owner had just forked shares its lock until it execs, and `holder` takes a shared one
# for an instant: neither is an owner, and both are gone within this.
_PATIENCE_SECONDS = 0.3
_POLL_SECONDS = 0.02


class FolderLock:
    """A lock file beside the folder; it stays when released, since removing it would let two owners in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock and write our pid into it.

        Raises:
            EmbeddedAlreadyRunning: somebody else holds it.
            EmbeddedNotOurs: it belongs to an account whose files we may not open.
        """
        descriptor = self._open(os.O_RDWR | os.O_CREAT)
        if not _lock(descriptor):
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise EmbeddedAlreadyRunning(
                f"Process {holder or '(unknown)'} holds {self._path}; stop it, or use another folder."
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go, if held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The pid of the process that holds the lock at this moment, or None."""
        try:
            descriptor = self._open(os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(os.pread(descriptor, 32, 0) or b"0") or None
        else:
            return None
        finally:
            os.close(descriptor)

    def _open(self, flags: int) -> int:
        try:
            return os.open(self._path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise EmbeddedNotOurs(
                f"{self._path} belongs to another account: run as that one, or use another folder."
            ) from None


def _lock(descriptor: int) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        else:
            return True
