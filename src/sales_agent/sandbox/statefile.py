"""Keeps the world on disk, so that a restarted sandbox still knows its contacts and drafts."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from sales_agent.sandbox.world import World

# A burst of writes is written down once, this long after its first.
DEBOUNCE_SECONDS = 0.2
# A large world takes long to write: then wait so many times as long, and stay responsive.
_REST_FACTOR = 10


class StateFile:
    """One JSON file, replaced whole: a reader sees the old state or the new one."""

    def __init__(self, path: Path, current: Callable[[], World]) -> None:
        self._path, self._current = path, current
        self._timer: asyncio.TimerHandle | None = None
        self._last_seconds = 0.0

    @property
    def exists(self) -> bool:
        return self._path.exists()

    def load_into(self, world: World) -> None:
        world.load(json.loads(self._path.read_text()))

    def save_soon(self) -> None:
        """Write within the debounce time; more calls before that change nothing."""
        if self._timer is None:
            wait = max(DEBOUNCE_SECONDS, _REST_FACTOR * self._last_seconds)
            self._timer = asyncio.get_running_loop().call_later(wait, self.save)

    def save(self) -> None:
        """Write now."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        began = time.perf_counter()
        beside = self._path.with_name(f"{self._path.name}.new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w") as file:
            json.dump(self._current().dump(), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._last_seconds = time.perf_counter() - began
