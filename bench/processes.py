"""The processes a bench starts: each dies with the bench, writes to a log of its own, and is ended in order."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from sales_agent.config import ROOT, child_environment
from sales_agent.embedded.child import start_child

# A Python process with everything imported is there in two seconds; a loaded machine may need more.
START_SECONDS = 30.0


class PartDied(RuntimeError):
    """A process of the bench ended by itself."""


class TooSlow(RuntimeError):
    """Something that should have happened long ago has not."""


@dataclass(slots=True)
class Part:
    """One running process. `started` is `time.monotonic` at its start."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    started: float

    def wait(self, is_so: Callable[[], object], *, within: float = START_SECONDS) -> float:
        """Until something is so; the seconds since the process was started. Raises PartDied, TooSlow."""
        until(is_so, f"{self.name}: see {self.log}", within=within, check=self.check)
        return time.monotonic() - self.started

    def check(self) -> None:
        """Raise PartDied with its last words unless it lives."""
        if self.process.poll() is not None:
            raise PartDied(f"{self.name} ended with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")

    def has_said(self, words: str) -> bool:
        """Whether its log holds these words."""
        return words in self.log.read_text(errors="replace")

    def megabytes(self) -> float:
        """Resident memory of the process and its children."""
        family = psutil.Process(self.process.pid)
        return sum(_resident(one) for one in (family, *family.children(recursive=True))) / 1e6

    def cpu_seconds(self) -> float:
        """Processor time the process and its children have spent: the number that other work changes least."""
        family = psutil.Process(self.process.pid)
        return sum(_spent(one) for one in (family, *family.children(recursive=True)))

    def end(self) -> None:
        """SIGKILL, with its children: what it measured is known, and nothing it holds is needed again."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start_part(name: str, argv: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> Part:
    """Start `python -m` with these arguments."""
    log = folder / f"{name}.log"
    env = environment or child_environment()
    with log.open("wb") as words:
        process = start_child(
            [sys.executable, "-m", *argv],
            env={**env, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PYTHONUNBUFFERED": "1"},
            log=words,
            dies_by=signal.SIGKILL,
        )
    return Part(name, process, log, time.monotonic())


def until(
    is_so: Callable[[], object], what: str, *, within: float, check: Callable[[], None], every: float = 0.005
) -> None:
    """Ask until the answer is true. Raises TooSlow, and what `check` raises."""
    deadline = time.monotonic() + within
    while not is_so():
        check()
        if time.monotonic() > deadline:
            raise TooSlow(f"not within {within:g} s: {what}")
        time.sleep(every)


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
