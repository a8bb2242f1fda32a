"""The sandbox as one thing: its world, its fault orders, its journal, and the file it is kept in."""

import datetime as dt
from pathlib import Path

from sales_agent.sandbox.clock import SandboxClock
from sales_agent.sandbox.faults import FaultOrders
from sales_agent.sandbox.journal import Journal
from sales_agent.sandbox.seeding.seed import seed
from sales_agent.sandbox.statefile import StateFile
from sales_agent.sandbox.world import World


class Sandbox:
    """Starts from its state file when there is one, else from the data set, dated from today."""

    def __init__(
        self, journal: Path | None = None, state: Path | None = None, today: dt.datetime | None = None
    ) -> None:
        self._today = today
        self.faults = FaultOrders()
        self.journal = Journal(journal)
        self._file = StateFile(state, lambda: self.world) if state else None
        self.world = World(SandboxClock(today))
        if self._file and self._file.exists:
            self._file.load_into(self.world)
        else:
            seed(self.world)

    def reset(self, *, is_empty: bool = False) -> None:
        """Begin again: the data set anew (or nothing at all), no orders, an empty journal."""
        self.faults.withdraw()
        self.journal.clear()
        self.world = World(SandboxClock(self._today))
        if not is_empty:
            seed(self.world)
        self.changed()

    def changed(self) -> None:
        """Something may have been written: keep it."""
        if self._file:
            self._file.save_soon()

    def close(self) -> None:
        self.faults.withdraw()
        if self._file:
            self._file.save()
        self.journal.close()
