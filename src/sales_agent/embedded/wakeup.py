"""How the supervisor waits: until a signal, a death of a child, a word from another thread, or the next tick."""

import select
import signal
import socket
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

# SIGHUP too: a closed terminal must not leave the system half alive.
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_Handler = Callable[[int, FrameType | None], object] | int | None


class Wakeup:
    """Takes the process's signals over while it is entered; from the main thread only."""

    def __init__(self, on_stop: Callable[[], None]) -> None:
        self._on_stop = on_stop
        self._receiver, self._sender = socket.socketpair()
        self._receiver.settimeout(0)
        self._sender.settimeout(0)
        self._previous: dict[signal.Signals, _Handler] = {}
        self._previous_descriptor = -1

    def __enter__(self) -> Self:
        for sign in _STOP_SIGNALS:
            self._previous[sign] = signal.signal(sign, self._stop)
        self._previous[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _note)
        self._previous_descriptor = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._previous_descriptor)
        for sign, handler in self._previous.items():
            signal.signal(sign, handler)
        self._receiver.close()
        self._sender.close()

    def ring(self) -> None:
        """End the present wait; from any thread."""
        try:
            self._sender.send(b"\0")
        except OSError:  # full, so it rings already; or closed, so nobody waits
            return

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or earlier if something happened."""
        if select.select([self._receiver], [], [], seconds)[0]:
            self._receiver.recv(4096)

    def _stop(self, _sign: int, _frame: FrameType | None) -> None:
        self._on_stop()


def _note(_sign: int, _frame: FrameType | None) -> None:
    """A signal without a handler would not end the wait."""
