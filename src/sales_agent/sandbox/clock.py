"""The sandbox's own clock: the machine's, moved by an offset that a demo or a test may shift."""

import datetime as dt

from sales_agent.kit.clock import Clock, SystemClock


class SandboxClock:
    """The machine's time plus an offset in seconds."""

    def __init__(self, start: dt.datetime | None = None, machine: Clock | None = None) -> None:
        self._machine = machine or SystemClock()
        self.offset_seconds = (start - self._machine.now()).total_seconds() if start else 0.0

    def now(self) -> dt.datetime:
        """The sandbox's moment, aware, in UTC."""
        return self._machine.now() + dt.timedelta(seconds=self.offset_seconds)

    def now_ms(self) -> int:
        """The same in milliseconds since 1970, as Gmail and HubSpot count."""
        return int(self.now().timestamp() * 1000)

    def shift(self, seconds: float) -> None:
        self.offset_seconds += seconds


def iso(moment: dt.datetime) -> str:
    """A moment as HubSpot and Drive write it: UTC, milliseconds, Z."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
