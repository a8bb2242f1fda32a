"""Keeping one thing alive: a server or a child, with its back-off, telling what happens to it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sales_agent.embedded.backoff import Backoff
from sales_agent.embedded.children import Child, ChildRun, describe_exit
from sales_agent.embedded.errors import EmbeddedError
from sales_agent.embedded.events import Event, EventKind

# A part that is not ready by then is worth a look at its log; it is waited for all the same.
_SLOW_SECONDS = 30.0

Tell = Callable[[Event], None]


class Store(Protocol):
    """A server the children need: EmbeddedPostgres and EmbeddedRedis are two."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def is_alive(self) -> bool: ...


class StoreKeeper:
    """Starts a store, and starts it again when it died."""

    def __init__(self, store: Store, tell: Tell) -> None:
        self._store, self._tell = store, tell
        self._backoff = Backoff()
        self._up_since = self._due_at = 0.0

    def start(self) -> None:
        """Bring it up.

        Raises:
            EmbeddedError: it does not come up, and why.
        """
        self._store.start()
        self._up_since, self._due_at = time.monotonic(), 0.0
        self._tell(Event(EventKind.STORE_UP, self._store.name, self._store.pid, f"log: {self._store.log}"))

    def keep(self) -> None:
        """Notice a death, and answer it once the back-off is over."""
        if self._store.is_alive():
            return
        now = time.monotonic()
        if not self._due_at:
            self._due_at = now + self._backoff.died(after_seconds=now - self._up_since)
            self._tell(Event(EventKind.STORE_DIED, self._store.name, detail=f"log: {self._store.log}"))
        if now < self._due_at:
            return
        try:
            self.start()
        except EmbeddedError as error:
            self._due_at = time.monotonic() + self._backoff.died(after_seconds=0)
            self._tell(Event(EventKind.STORE_FAILED, self._store.name, detail=str(error)))

    def stop(self) -> None:
        """Bring it down."""
        pid = self._store.pid
        self._store.stop()
        if pid is not None:
            self._tell(Event(EventKind.STORE_STOPPED, self._store.name, pid))


class ChildKeeper:
    """Starts a child, watches it come up, starts it again when it died, and stops it."""

    def __init__(self, child: Child, *, log: Path, pid_file: Path, tell: Tell) -> None:
        self._child, self._log, self._pid_file = child, log, pid_file
        self._say = tell
        self._backoff = Backoff()
        self._run: ChildRun | None = None
        self._due_at = 0.0
        self._is_up = self._was_slow = False
        self.has_been_up = False

    def keep(self) -> None:
        """Take the next turn of its life, if there is one to take."""
        if self._run is None:
            if time.monotonic() >= self._due_at:
                self._start()
            return
        if (code := self._run.ended()) is not None:
            self._died(describe_exit(code), after_seconds=self._run.seconds)
        elif not self._is_up:
            self._look_whether_up(self._run)

    def _start(self) -> None:
        try:
            self._run = ChildRun(self._child, log=self._log, pid_file=self._pid_file)
        except OSError as error:  # no such program, no process left, no disk
            self._died(str(error), after_seconds=0)
            return
        self._is_up = self._was_slow = False
        self._tell(EventKind.CHILD_STARTED, f"log: {self._log}")
        self._look_whether_up(self._run)

    def _look_whether_up(self, run: ChildRun) -> None:
        if run.is_ready():
            self._is_up = self.has_been_up = True
            self._tell(EventKind.CHILD_UP)
        elif run.seconds > _SLOW_SECONDS and not self._was_slow:
            self._was_slow = True
            self._tell(EventKind.CHILD_SLOW, f"not ready after {run.seconds:.0f} s; log: {self._log}")

    def _died(self, how: str, *, after_seconds: float) -> None:
        wait = self._backoff.died(after_seconds=after_seconds)
        self._tell(EventKind.CHILD_DIED, f"{how}; again in {wait} s; log: {self._log}")
        if self._backoff.is_suspicious:
            times = self._backoff.quick_deaths
            self._tell(EventKind.CHILD_KEEPS_DYING, f"{times} times in a row; the cause is in {self._log}")
        self._run, self._is_up, self._due_at = None, False, time.monotonic() + wait

    def ask_to_stop(self) -> None:
        """Let it finish what it has in hand; `is_down` tells when it has."""
        if self._run is not None:
            self._run.ask_to_stop()

    def is_down(self) -> bool:
        """Whether there is no process any more; tells how it ended, the first time."""
        if self._run is not None and (code := self._run.ended()) is not None:
            self._tell(EventKind.CHILD_STOPPED, describe_exit(code))
            self._run = None
        return self._run is None

    def kill(self) -> None:
        """End it now."""
        if self._run is not None:
            self._run.kill()
            self._tell(EventKind.CHILD_KILLED, f"it did not end in time; log: {self._log}")
            self._run = None

    @property
    def patience_seconds(self) -> float:
        """How long it may drain."""
        return self._child.stop_after_seconds

    def _tell(self, kind: EventKind, detail: str = "") -> None:
        self._say(Event(kind, self._child.name, self._run.pid if self._run else None, detail))
