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
    """Kills this process with SIGKILL at one point, the first time any process reaches it. Tests only.

    `mark` is made first, so that the process that takes over lives.
    """

    def __init__(self, at: str, mark: Path) -> None:
        self._step, _, self._point = at.partition(":")
        self._mark = mark

    def reached(self, step: str, point: Point) -> None:
        """Dies here if this is the place and the mark could be made."""
        if step != self._step or point.value != self._point:
            return
        try:
            os.close(os.open(self._mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
