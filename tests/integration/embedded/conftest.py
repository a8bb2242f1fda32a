"""Embedded servers for one test each, and the processes that hold or supervise them."""

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture
def var(tmp_path):
    return tmp_path / "var"


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every account can walk to, unlike those that pytest makes."""
    with TemporaryDirectory(prefix="open-", dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o755)
        yield place


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait for something to become true."""

    def wait(is_so: Callable[[], object], *, within: float = 10.0) -> None:
        deadline = time.monotonic() + within
        while not is_so():
            assert time.monotonic() < deadline, "it never became so"
            time.sleep(0.02)

    return wait


@pytest.fixture
def postgres(var) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(var / "postgres", fsync=False) as server:
        yield server


@pytest.fixture
def redis_server(var) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(var / "redis") as server:
        yield server


@pytest.fixture
def start_program() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start one of the programs beside this file; it is killed when the test ends."""
    with ExitStack() as started:

        def start(name: str, *arguments: object, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, PROGRAMS / name, *map(str, arguments)],
                env=env,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start


@pytest.fixture
def hold(start_program) -> Callable[[str, Path], tuple[subprocess.Popen[str], int]]:
    """Let another process own a server; returns that process and the server's pid."""

    def start(kind: str, folder: Path) -> tuple[subprocess.Popen[str], int]:
        process = start_program("hold.py", kind, folder)
        return process, int(process.stdout.readline())

    return start


class Supervised:
    """A supervisor in a process of its own, and what it has told so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told: list[Mapping[str, Any]] = []
        self._incoming: queue.Queue[Mapping[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._incoming.put(json.loads(line))

    def wait_for(self, kind: str, name: str, *, within: float = 10.0) -> Mapping[str, Any]:
        """The next event of this kind; everything told before it is in `told`."""
        deadline = time.monotonic() + within
        while True:
            event = self._incoming.get(timeout=max(0.0, deadline - time.monotonic()))
            self.told.append(event)
            if (event["kind"], event["name"]) == (kind, name):
                return event

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code, with everything it told in `told`."""
        self.process.send_signal(sign)
        code = self.process.wait(20)
        self._reader.join()
        while not self._incoming.empty():
            self.told.append(self._incoming.get())
        return code

    def names(self, kind: str) -> list[str]:
        return [event["name"] for event in self.told if event["kind"] == kind]


@pytest.fixture
def supervise(start_program, var) -> Callable[..., Supervised]:
    """Start a supervisor on `var`; children are (name, argv...) by `part`."""

    def start(*children: Mapping[str, Any], stores: tuple[str, ...] = ()) -> Supervised:
        plan = {"var": str(var), "stores": stores, "children": children}
        return Supervised(start_program("supervise.py", json.dumps(plan)))

    return start


@pytest.fixture
def journal(tmp_path) -> Path:
    file = tmp_path / "journal"
    file.touch()
    return file


@pytest.fixture
def part(journal) -> Callable[..., dict[str, Any]]:
    """A child for `supervise`: how long it drains, whether it ignores SIGTERM, and how it is to be treated."""

    def plan(name: str, *, drains: float = 0.0, stubborn: bool = False, **more: object) -> dict[str, Any]:
        argv = [sys.executable, str(PROGRAMS / "part.py"), str(journal), name, str(drains)]
        return {"name": name, "argv": [*argv, *(["stubborn"] if stubborn else [])], **more}

    return plan
