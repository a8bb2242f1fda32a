"""Waiting for a server that has just been started, and saying what it said if it does not come up."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sales_agent.embedded.errors import EmbeddedDidNotStart

_POLL_SECONDS = 0.01

# Enough of the log to name the cause; the whole of it is in the file.
_TAIL_LINES = 5


def wait_until_up(
    process: subprocess.Popen[bytes], is_up: Callable[[], bool], *, log: Path, within_seconds: float
) -> None:
    """Return when `is_up` says so.

    Raises:
        EmbeddedDidNotStart: the process ended, or the time did; the message ends with the last log lines.
    """
    deadline = time.monotonic() + within_seconds
    while not is_up():
        if (code := process.poll()) is not None:
            raise EmbeddedDidNotStart(f"It ended with code {code}; {log} says:\n{_tail(log)}")
        if time.monotonic() > deadline:
            raise EmbeddedDidNotStart(f"It is not up after {within_seconds:.0f} s; {log} says:\n{_tail(log)}")
        time.sleep(_POLL_SECONDS)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
