"""Children that outlived a killed supervisor: told by their pid files, ended before their successors start.

The kernel has asked them to stop when the supervisor died; one that drains for long would still hold a port.
"""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Enough for a server to close its connections. Work in hand is leased and taken up again, so killing loses
# none.
_PATIENCE_SECONDS = 3.0
_POLL_SECONDS = 0.02

# The position of `starttime` behind the program's name in /proc/<pid>/stat, see proc(5).
_START_TIME = 19


@dataclass(frozen=True, slots=True)
class Orphan:
    """A child of an earlier supervisor that is still alive."""

    name: str
    pid: int
    born_at: str


def remember(file: Path, pid: int) -> None:
    """Write who a child is: its pid, and when it was born, since pids come round again."""
    file.write_text(f"{pid} {_born_at(pid)}\n")


def end_orphans(run_folder: Path) -> list[Orphan]:
    """End all children that pid files in `run_folder` remember; return those that were alive."""
    files = sorted(run_folder.glob("*.pid"))
    found = [orphan for file in files if (orphan := _read(file)) is not None]
    for orphan in found:
        _signal(orphan, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _any_alive(found) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    for orphan in found:
        if _is_alive(orphan):
            os.killpg(orphan.pid, signal.SIGKILL)
    while _any_alive(found):
        time.sleep(_POLL_SECONDS)
    for file in files:
        file.unlink(missing_ok=True)
    return found


def _read(file: Path) -> Orphan | None:
    match file.read_text().split():
        case [pid, born_at] if pid.isdigit():
            orphan = Orphan(name=file.stem, pid=int(pid), born_at=born_at)
            return orphan if _is_alive(orphan) else None
        case _:  # cut short by a crash
            return None


def _is_alive(orphan: Orphan) -> bool:
    return _born_at(orphan.pid) == orphan.born_at


def _any_alive(orphans: Iterable[Orphan]) -> bool:
    return any(_is_alive(orphan) for orphan in orphans)


def _born_at(pid: int) -> str:
    """When a process was born, in ticks since the machine was; empty for one that is gone or a zombie."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after_name[0] in {"Z", "X"} else after_name[_START_TIME]


def _signal(orphan: Orphan, sign: signal.Signals) -> None:
    try:
        os.kill(orphan.pid, sign)
    except ProcessLookupError:
        return
