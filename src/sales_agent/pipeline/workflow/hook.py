"""Where a test may stop the world: points before, during and after each step. In production nothing listens."""

import os
import signal
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Point(StrEnum):
    """before: nothing done. during: the work is done, nothing recorded. after: recorded."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class StepHook(Protocol):
    """Told of every point a run passes."""

    def reached(self, step: str, point: Point) -> None:
        """May not return."""
        ...


class NoHook:
    """Production: nothing happens."""

    def reached(self, step: str, point: Point) -> None:
        """Nothing."""


class KillOnce:
    """Kills this process with SIGKILL at the point a file names (`step:before|during|after`), once. Tests only.

    Whoever removes the file dies, so the process that takes over lives.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def reached(self, step: str, point: Point) -> None:
        """Dies here if this is the place and this process is the one to remove the file."""
        try:
            if self._file.read_text().strip() != f"{step}:{point.value}":
                return
            self._file.unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
