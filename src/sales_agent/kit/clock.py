"""The one place that reads the wall clock; everything else is handed a `Clock`."""

import datetime as dt
import time
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Business time only: leases and retry delays are measured by the database."""

    def now(self) -> dt.datetime:
        """The present moment, aware, in UTC."""
        ...


def unix_milliseconds() -> int:
    """The machine's clock as ids carry it; a moved test clock does not move ids."""
    return time.time_ns() // 1_000_000


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """The present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


class ShiftedClock:
    """A clock moved by the seconds written in a file: for tests only, refused where real sends are allowed.

    The file is read at every call, so a running process can be moved; a missing or odd file means no shift.
    """

    def __init__(self, shift_file: Path) -> None:
        self._shift_file = shift_file

    def now(self) -> dt.datetime:
        """The present moment plus the shift, aware, in UTC."""
        try:
            shift = float(self._shift_file.read_text())
        except (OSError, ValueError):
            shift = 0.0
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=shift)
