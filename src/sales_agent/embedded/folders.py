"""Folders and files that only one account may open, and the way a child of another account reaches them."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sales_agent.embedded.account import Account
from sales_agent.embedded.errors import EmbeddedNotOurs

# A new file or none: whoever planted a file or a link of that name makes the write fail.
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

# A container may call us root and yet refuse what root may do.
_NO_ROOT = "Run as an ordinary user, or set DATABASE_URL, MIGRATION_DATABASE_URL and REDIS_URL."

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
        raise EmbeddedNotOurs(f"{path} belongs to user id {owner}: run as that account, or use another folder.")
    if account and owner != wanted:
        try:
            _hand_over(path, account)
        except OSError as error:
            raise EmbeddedNotOurs(f"{path} cannot be given to {account.name}: {error.strerror}. {_NO_ROOT}") from None
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
    unfinished = f".{path.name}.{os.getpid()}"
    with door(path.parent) as folder:
        descriptor = os.open(unfinished, _NEW_FILE, 0o600, dir_fd=folder.descriptor)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if account:
                os.fchown(file.fileno(), account.user_id, account.group_id)
        os.replace(unfinished, path.name, src_dir_fd=folder.descriptor, dst_dir_fd=folder.descriptor)


def sync(folder: Path) -> None:
    """Make a rename within `folder` outlive the loss of power."""
    with door(folder) as opened:
        os.fsync(opened.descriptor)


@dataclass(frozen=True, slots=True)
class Door:
    """An open folder or file: its descriptor, for a child to inherit, and the path by which that child reaches it."""

    descriptor: int
    path: str


@contextmanager
def door(place: Path) -> Generator[Door]:
    """Open a folder or file to a child that may be unable to walk to it.

    Root hands the servers to an account that a 0700 home on the way keeps out. The kernel follows the link of
    an inherited descriptor without asking for the folders above; loosening those, or keeping the data
    elsewhere, would surprise their owner.
    """
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield Door(descriptor, f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def rotate(log: Path) -> None:
    """Move the log of the last run to `<name>.1`, that one to `<name>.2`, and so on; the oldest goes."""
    for age in range(_OLD_LOGS, 0, -1):
        younger = log if age == 1 else log.with_name(f"{log.name}.{age - 1}")
        if younger.exists():
            younger.replace(log.with_name(f"{log.name}.{age}"))
