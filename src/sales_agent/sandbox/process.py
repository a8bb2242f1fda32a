"""A sandbox as a process of its own, ended with whoever started it."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

from sales_agent.sandbox.client import SandboxClient

# A stop is asked for politely and waits so long, in seconds.
STOP_SECONDS = 5.0


class SandboxDidNotStart(Exception):
    """The sandbox's process ended before it was ready."""


@contextlib.contextmanager
def running_sandbox(
    *, port: int = 0, journal: Path | None = None, state: Path | None = None, today: str = ""
) -> Generator[SandboxClient]:
    """Start `python -m sales_agent.sandbox`, wait until it is ready, and end it afterwards.

    Raises:
        SandboxDidNotStart: it ended at once, most often because the port was taken.
    """
    options = {"--port": port, "--journal": journal, "--state": state, "--today": today}
    given = [part for name, value in options.items() if value for part in (name, str(value))]
    command = [sys.executable, "-m", "sales_agent.sandbox", "--ends-with-stdin", *given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            ready = process.stdout.readline() if process.stdout else ""
            if not ready:
                raise SandboxDidNotStart(f"exit code {process.wait()}")
            yield SandboxClient(json.loads(ready)["url"])
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
