"""The command line as people use it: a process of its own, on a folder of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sales_agent.bootstrap.probes import free_port

# A loaded machine starts a whole system within this.
PATIENCE_SECONDS = 90.0


def wait_until(happened: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Raises AssertionError when it does not happen."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.1)


@dataclass
class Installation:
    """One DATA_DIR with ports of its own, and what was started on it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])
    started: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    @property
    def environment(self) -> Mapping[str, str]:
        fixed = {"PATH": os.defpath, "HOME": str(self.folder), "COLUMNS": "160", "DATA_DIR": str(self.folder / "var")}
        return {**fixed, **self.settings}

    @property
    def port(self) -> int:
        return int(self.settings["PORT"])

    def run(self, *arguments: str, seconds: float = PATIENCE_SECONDS, **more: str) -> subprocess.CompletedProcess[str]:
        """A command from start to end."""
        command = [sys.executable, "-m", "sales_agent.cli", *arguments]
        environment = {**self.environment, **more}
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd="/", timeout=seconds, check=False
        )

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """A command that goes on; what it says goes to a file beside."""
        with (self.folder / f"{arguments[0]}.out").open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "sales_agent.cli", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                env={**self.environment, **more},
                cwd="/",
            )
        self.started.append(process)
        return process

    def said(self, command: str) -> str:
        """What a started command has said so far."""
        return (self.folder / f"{command}.out").read_text()

    def status(self) -> dict[str, object]:
        return json.loads(self.run("status", "--json").stdout)

    def end(self) -> None:
        """Stop what still runs."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(40)
            process.kill()
            process.wait()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    port = free_port("127.0.0.1", 0)
    sandbox_port = free_port("127.0.0.1", 0, besides=port)
    made = Installation(tmp_path, {"PORT": str(port), "SANDBOX_PORT": str(sandbox_port)})
    yield made
    made.end()
