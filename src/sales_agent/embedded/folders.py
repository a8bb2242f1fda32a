"""Folders and files that only one account may open, and the short path a unix socket needs."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from sales_agent.embedded.account import Account
from sales_agent.embedded.errors import EmbeddedNotOurs

# sun_path in <sys/un.h> holds 108 bytes, the last of which ends the string.
_SOCKET_PATH_BYTES = 107

# A new file or none: whoever planted a file or a link of that name makes the write fail.
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

# How many logs of earlier runs are kept beside the present one.
_OLD_LOGS = 3


def private_folder(path: Path, account: Account | None = None) -> Path:
    """Make `path` a 0700 folder of `account` (ours if None), with all that is in it.

    Raises:
        EmbeddedNotOurs: it exists and belongs to somebody else, as a folder planted in a shared place would.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = account.user_id if account else os.geteuid()
    status = path.lstat()
    owner = status.st_uid
    if not stat.S_ISDIR(status.st_mode) or owner not in {wanted, os.geteuid()}:
        raise EmbeddedNotOurs(
            f"{path} belongs to user id {owner}: run as that account, or use another folder."
        )
    if account and owner != wanted:
        _hand_over(path, account)
    path.chmod(0o700)
    return path


def _hand_over(folder: Path, account: Account) -> None:
    """Give a folder of ours to `account`, leaves first, so that it cannot move what is still to be given."""
    for _, folders, files, descriptor in os.fwalk(folder, topdown=False, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, account.user_id, account.group_id, dir_fd=descriptor, follow_symlinks=False)
    os.chown(folder, account.user_id, account.group_id)


def write_private(path: Path, content: str, account: Account | None = None) -> None:
    """Put a 0600 file in place whole, replacing (never following) whatever bears its name.

    The folder may belong to an account we do not trust: root must not be led through a link planted there.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    unfinished = f".{path.name}.{os.getpid()}"
    try:
        descriptor = os.open(unfinished, _NEW_FILE, 0o600, dir_fd=folder)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if account:
                os.fchown(file.fileno(), account.user_id, account.group_id)
        os.replace(unfinished, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(folder)


def sync(folder: Path) -> None:
    """Make a rename within `folder` outlive the loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def socket_folder(wanted: Path, socket_name: str, account: Account | None) -> Path:
    """Make the 0700 folder for a socket: `wanted`, or a short one whose path is noted beside `wanted`."""
    if _fits(wanted / socket_name):
        return private_folder(wanted, account)
    noted = _noted_folder(wanted)
    if noted is None or not _is_private(noted, account):
        private_folder(wanted.parent)
        noted = Path(tempfile.mkdtemp(prefix="sales-agent-"))
        write_private(_note(wanted), f"{noted}\n")
    return private_folder(noted, account)


def find_socket_folder(wanted: Path, socket_name: str) -> Path:
    """The folder that `socket_folder` made; `wanted` where it has not yet."""
    return wanted if _fits(wanted / socket_name) else (_noted_folder(wanted) or wanted)


def remove_socket_folder(folder: Path, wanted: Path) -> None:
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


def rotate(log: Path) -> None:
    """Move the log of the last run to `<name>.1`, that one to `<name>.2`, and so on; the oldest goes."""
    for age in range(_OLD_LOGS, 0, -1):
        younger = log if age == 1 else log.with_name(f"{log.name}.{age - 1}")
        if younger.exists():
            younger.replace(log.with_name(f"{log.name}.{age}"))
