"""A child of the supervisor: what it is, and one run of it from start to end."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sales_agent.embedded.child import start_child
from sales_agent.embedded.orphans import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One of our own parts.

    Attributes:
        name: names its log and pid file.
        argv: the command, its program by full path.
        env: its whole environment; nothing is inherited.
        ready: whether it does what it is for; asked about ten times a second until it says so, and so must
            answer
            fast. OSError counts as not yet. None: ready once started.
        stop_signal: asks it to finish what it has in hand and end.
        stop_after_seconds: how long it may take for that before it is killed with all its own children.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    ready: Callable[[], bool] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_after_seconds: float = 20.0


class ChildRun:
    """One process of a child, leader of a session of its own; to be made from the main thread."""

    def __init__(self, child: Child, *, log: Path, pid_file: Path) -> None:
        with log.open("ab") as output:
            self._process = start_child(child.argv, env=child.env, log=output, dies_by=signal.SIGTERM)
        self._child, self._pid_file = child, pid_file
        self._started_at = time.monotonic()
        remember(pid_file, self.pid)

    @property
    def pid(self) -> int:
        """The pid, which is also that of its group and session."""
        return self._process.pid

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self._started_at

    def is_ready(self) -> bool:
        """Whether it says that it does what it is for."""
        try:
            return self._child.ready is None or self._child.ready()
        except OSError:
            return False

    def ended(self) -> int | None:
        """The exit code once it has ended (negative: the signal that did it), else None.

        Whatever it left in its group is killed first, while its unreaped pid still keeps the group's number
        from being given to strangers.
        """
        if self._process.returncode is None:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return None
            self._kill_group()
            self._process.wait()
            self._pid_file.unlink(missing_ok=True)
        return self._process.returncode

    def ask_to_stop(self) -> None:
        """Send the stop signal."""
        if self.ended() is None:
            self._process.send_signal(self._child.stop_signal)

    def kill(self) -> None:
        """End it and its own children at once."""
        if self.ended() is None:
            self._kill_group()
            self._process.wait()
            self._pid_file.unlink(missing_ok=True)

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def describe_exit(code: int) -> str:
    """An exit code as people say it."""
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
