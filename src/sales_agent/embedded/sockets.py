"""The folder of a unix socket: 0700, and on a path short enough for the kernel."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from sales_agent.embedded.account import Account
from sales_agent.embedded.folders import private_folder, write_private

# sun_path in <sys/un.h> holds 108 bytes, the last of which ends the string.
_SOCKET_PATH_BYTES = 107


def make(wanted: Path, socket_name: str, account: Account | None) -> Path:
    """Make the 0700 folder for a socket: `wanted`, or a short one whose path is noted beside `wanted`."""
    private_folder(wanted.parent)
    if _fits(wanted / socket_name):
        return private_folder(wanted, account)
    noted = _noted_folder(wanted)
    if noted is None or not _is_private(noted, account):
        noted = Path(tempfile.mkdtemp(prefix="sales-agent-"))
        write_private(_note(wanted), f"{noted}\n")
    return private_folder(noted, account)


def find(wanted: Path, socket_name: str) -> Path:
    """The folder that `make` made; `wanted` where it has not yet."""
    return wanted if _fits(wanted / socket_name) else (_noted_folder(wanted) or wanted)


def remove(folder: Path, wanted: Path) -> None:
    """Tidy up a short folder once its server has stopped."""
    if folder != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _note(wanted).unlink(missing_ok=True)


def _fits(socket: Path) -> bool:
    return len(os.fsencode(socket)) <= _SOCKET_PATH_BYTES


def _note(wanted: Path) -> Path:
    return wanted.with_name(f"{wanted.name}.path")


def _noted_folder(wanted: Path) -> Path | None:
    try:
        return Path(_note(wanted).read_text().strip())
    except FileNotFoundError:
        return None


def _is_private(folder: Path, account: Account | None) -> bool:
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    owner = account.user_id if account else os.geteuid()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and not status.st_mode & 0o077
