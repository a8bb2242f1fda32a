"""A part of the system as a child process that a test may kill, stop in its tracks, and start again."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sales_agent.embedded.child import end_child, start_child

# A Python process with everything imported is there in two seconds; on a machine under load it may take its time.
START_SECONDS = 15.0


def eventually(is_so: Callable[[], object], what: str, *, within: float = 30.0) -> Any:
    """Ask again and again until the answer is true; that answer. Fails with `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = is_so()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within:g} s: {what}"
        time.sleep(0.02)


@dataclass
class Part:
    """One process. `is_ready` is asked after a start; every start writes on to the same log."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    is_ready: Callable[["Part"], object]
    process: subprocess.Popen[bytes] | None = None
    _said_before: int = field(default=0, init=False)

    def start(self) -> None:
        """Start it, and do not wait for it."""
        assert not self.is_alive, f"{self.name} is alive already"
        self._said_before = len(self.lines())
        with self.log.open("ab") as log:
            self.process = start_child(self.argv, env=self.env, log=log, dies_by=signal.SIGKILL)

    def wait_ready(self) -> None:
        """Until it does what it is for."""
        eventually(lambda: self.is_ready(self) or not self.is_alive, f"{self.name} is ready", within=START_SECONDS)
        assert self.is_alive, f"{self.name} ended at its start:\n{self.log.read_text()[-3000:]}"

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """SIGSTOP: it keeps everything and does nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: it goes on as if no time had passed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def end(self, *, within: float = 5.0) -> None:
        """SIGTERM, then SIGKILL."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            end_child(self.process, [(signal.SIGTERM, within)])

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def lines(self) -> list[str]:
        """Everything it ever wrote."""
        return self.log.read_text().splitlines() if self.log.exists() else []

    def has_said(self, event: str) -> bool:
        """Whether an event was logged since the last start."""
        return any(f'"{event}"' in line for line in self.lines()[self._said_before :])

    def events(self) -> list[dict[str, Any]]:
        """Every log line that is JSON."""
        return [json.loads(line) for line in self.lines() if line.startswith("{") and line.endswith("}")]
