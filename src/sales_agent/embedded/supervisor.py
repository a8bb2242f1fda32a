"""The one command: starts the stores and then our own parts, keeps them alive, and stops them in order."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sales_agent.embedded.children import Child
from sales_agent.embedded.events import Event, EventKind
from sales_agent.embedded.folders import private_folder, rotate
from sales_agent.embedded.keeper import ChildKeeper, Store, StoreKeeper
from sales_agent.embedded.lock import FolderLock
from sales_agent.embedded.orphans import end_orphans
from sales_agent.embedded.wakeup import Wakeup

__all__ = ["Child", "Store", "Supervisor"]

# Deaths and signals wake the loop at once; the tick is for readiness and back-off.
_TICK_SECONDS = 0.1

# What a second Ctrl-C leaves everybody to end by themselves.
_HURRY_SECONDS = 2.0


class Supervisor:
    """Runs stores and children until it is told to stop; one run each.

    Children start in the order given, each once the one before it is ready for the first time, and stop one
    by one in the reverse order: the last of the list is the first to go, so it is the one that lets new work
    in.

    Args:
        children: our own parts, in the order of their start.
        stores: what they need, started first and stopped last; none where servers are given by URL.
        on_event: told each turn as it happens, in the main thread; should return soon.
        run_folder: for pid files and the lock; `var/run`.
        log_folder: for one log per child, the last three runs kept; `var/logs`.
    """

    def __init__(
        self,
        children: Sequence[Child],
        stores: Sequence[Store],
        on_event: Callable[[Event], None],
        *,
        run_folder: Path,
        log_folder: Path,
    ) -> None:
        self._tell = on_event
        self._run_folder, self._log_folder = run_folder, log_folder
        self._lock = FolderLock(run_folder / "supervisor.lock")
        self._logs = [log_folder / f"{child.name}.log" for child in children]
        self._stores = [StoreKeeper(store, on_event) for store in stores]
        self._children = [
            ChildKeeper(child, log=log, pid_file=run_folder / f"{child.name}.pid", tell=on_event)
            for child, log in zip(children, self._logs, strict=True)
        ]
        self._stops_asked = 0
        self._was_up = self._may_interrupt = False
        self._hurried_until = 0.0
        self._wakeup = Wakeup(on_stop=self._on_signal)

    def request_stop(self) -> None:
        """Do as SIGTERM does; from any thread."""
        self._stops_asked += 1
        self._wakeup.ring()

    def _on_signal(self) -> None:
        self._stops_asked += 1
        if self._may_interrupt:
            raise _StopAsked

    def run(self) -> int:
        """Run until SIGINT, SIGTERM, SIGHUP or `request_stop`; return the exit code of a clean stop, 0.

        A second signal cuts the draining short. To be called from the main thread.

        Raises:
            EmbeddedError: another supervisor runs here, or a store did not come up the first time.
        """
        private_folder(self._run_folder)
        private_folder(self._log_folder)
        self._lock.acquire()
        try:
            with self._wakeup:
                self._run_until_stopped()
        finally:
            self._lock.release()
        return 0

    def _run_until_stopped(self) -> None:
        try:
            self._begin()
            while not self._stops_asked:
                self._take_a_turn()
                self._wakeup.wait(_TICK_SECONDS)
        except _StopAsked:
            return
        finally:
            self._may_interrupt = False
            self._stop()

    def _begin(self) -> None:
        for orphan in end_orphans(self._run_folder):
            self._tell(Event(EventKind.ORPHAN_ENDED, orphan.name, orphan.pid, "left by a killed supervisor"))
        for log in self._logs:
            rotate(log)
        for store in self._stores:
            with self._interruptible():
                store.start()

    def _take_a_turn(self) -> None:
        self._keep_stores()
        for child in self._children:
            child.keep()
            if not child.has_been_up:
                return
        if not self._was_up:
            self._was_up = True
            self._tell(Event(EventKind.SYSTEM_UP, "system"))

    def _keep_stores(self) -> None:
        for store in self._stores:
            with self._interruptible():
                store.keep()

    @contextmanager
    def _interruptible(self) -> Generator[None]:
        """A store may take minutes to recover from a crash; a signal need not wait for that."""
        self._may_interrupt = not self._stops_asked
        yield
        self._may_interrupt = False

    def _stop(self) -> None:
        self._tell(Event(EventKind.SYSTEM_STOPPING, "system"))
        for child in reversed(self._children):
            self._drain(child)
        for store in reversed(self._stores):
            store.stop()
        self._tell(Event(EventKind.SYSTEM_STOPPED, "system"))

    def _drain(self, child: ChildKeeper) -> None:
        """Ask one child to end and wait for it; meanwhile it keeps the stores its last work needs."""
        child.ask_to_stop()
        deadline, is_hurried = time.monotonic() + child.patience_seconds, False
        while not child.is_down():
            if self._stops_asked > 1 and not is_hurried:
                deadline, is_hurried = self._hurry(), True
            if time.monotonic() > deadline:
                child.kill()
                return
            self._keep_stores()
            self._wakeup.wait(_TICK_SECONDS)

    def _hurry(self) -> float:
        """Ask all at once, and give them one short time to share; return when it is over."""
        if not self._hurried_until:
            self._hurried_until = time.monotonic() + _HURRY_SECONDS
            for child in self._children:
                child.ask_to_stop()
        return self._hurried_until


class _StopAsked(BaseException):
    """A signal came while a store was starting; caught by the supervisor itself."""
