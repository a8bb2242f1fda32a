"""Servers that a killed owner left on a data folder: found by where they stand, ended before the next start.

A pid file can name a process that is long gone, a zombie, or a stranger who got the number later. The kernel
knows
better: a server's working directory is its data folder, and a zombie has none.
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

_POLL_SECONDS = 0.02


def servers_in(folder: Path, program: str) -> list[int]:
    """The pids of all processes of `program` whose working directory is `folder`."""
    processes = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [int(process.name) for process in processes if _stands_in(process, folder, program)]


def _stands_in(process: Path, folder: Path, program: str) -> bool:
    try:
        runs = (process / "exe").readlink().name.removesuffix(" (deleted)")  # an upgrade replaced the file
        return runs == program and (process / "cwd").samefile(folder)
    except OSError:  # it has just ended, is a zombie, or belongs to somebody else
        return False


def end_leftovers(
    folder: Path, program: str, *, head: int | None, steps: Sequence[tuple[signal.Signals, float]]
) -> list[int]:
    """Wait for the servers left in `folder`, with a signal at each step; return the pids that were there.

    `head` is the process that ends the others in an orderly way; it alone gets the signals while it lives.
    Whoever outlives all steps is killed: both servers recover from that, and two on one folder would be far
    worse.
    """
    found = remaining = servers_in(folder, program)
    for sign, seconds in (*steps, (signal.SIGKILL, _POLL_SECONDS)):
        deadline = time.monotonic() + seconds
        for pid in [head] if head in remaining else remaining:
            _signal(pid, sign)
        while (remaining := servers_in(folder, program)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if not remaining:
            break
    while servers_in(folder, program):
        time.sleep(_POLL_SECONDS)
    return found


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
        os.kill(pid, signal.SIGCONT)  # a stopped process would not notice
    except ProcessLookupError:
        return
