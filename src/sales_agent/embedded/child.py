"""How a child process is started and ended: it dies with its parent, and Ctrl-C does not reach it."""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from sales_agent.embedded.account import Account
from sales_agent.embedded.errors import EmbeddedStartedOffMainThread

# The whole environment of a server: our own holds keys and tokens, and variables such as PGOPTIONS would
# steer it.
BARE_ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# From <sys/prctl.h>; Python has no name for it.
_PR_SET_PDEATHSIG = 1

# Loaded before any fork: between fork and exec nothing may take a lock that another thread could hold.
_LIBC = ctypes.CDLL(None, use_errno=True)

# A parent started by nohup or by a shell in the background ignores these, and ignoring is inherited over
# exec.
_SIGNALS_TO_RESTORE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def start_child(
    argv: Sequence[str | Path],
    *,
    executable: str | None = None,
    env: Mapping[str, str],
    log: IO[bytes],
    dies_by: signal.Signals,
    account: Account | None = None,
    keep_open: Sequence[int] = (),
    stdin: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own that gets `dies_by` when this process ends, however it ends.

    `executable` is the program where that is not the first of `argv`. `env` is the whole environment of the child;
    nothing of ours leaks into it. `keep_open` are file descriptors the child inherits.

    Raises:
        EmbeddedStartedOffMainThread: the signal follows the forking thread, not the process.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedStartedOffMainThread(f"{Path(argv[0]).name} was to be started by another.")
    return subprocess.Popen(
        [os.fspath(part) for part in argv],
        executable=executable,
        env=dict(env),
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/",  # so that no child keeps a file system busy
        start_new_session=True,
        pass_fds=tuple(keep_open),
        user=account.user_id if account else None,
        group=account.group_id if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_die_with(os.getpid(), dies_by),  # noqa: PLW1509  the only place where the child can ask for it
    )


def _die_with(parent: int, dies_by: signal.Signals) -> Callable[[], None]:
    def in_the_child() -> None:
        for ignored in _SIGNALS_TO_RESTORE:
            signal.signal(ignored, signal.SIG_DFL)
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(dies_by))
        if os.getppid() != parent:  # the parent died before the request was made
            os._exit(1)

    return in_the_child


def end_child(process: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and give it its seconds; whoever outlives them all is killed."""
    for sign, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()
