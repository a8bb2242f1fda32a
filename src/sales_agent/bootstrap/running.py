"""What runs on this DATA_DIR at this moment, left in a file by whoever started it, for commands that come later."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sales_agent.bootstrap.stores import layout_of
from sales_agent.config import Settings
from sales_agent.embedded.lock import FolderLock


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """Where the API and the sandbox of the running system listen; `pid` is its supervisor's."""

    pid: int
    host: str
    port: int
    sandbox_port: int
    is_demo: bool

    def applied_to(self, settings: Settings) -> Settings:
        """The settings as that system has them."""
        ports = {"host": self.host, "port": self.port, "sandbox_port": self.sandbox_port}
        return settings.model_copy(update=ports)


def running_system(settings: Settings) -> RunningSystem | None:
    """The system that a supervisor runs on this DATA_DIR now, or None; the file of a killed one does not count."""
    holder = FolderLock(layout_of(settings).run / "supervisor.lock").holder()
    try:
        said = RunningSystem(**json.loads(_file(settings).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return said if said.pid == holder else None


def announce(settings: Settings, system: RunningSystem) -> None:
    """Leave the file; the supervisor's lock must be ours."""
    _file(settings).write_text(json.dumps(asdict(system)))


def withdraw(settings: Settings) -> None:
    """Take the file away."""
    _file(settings).unlink(missing_ok=True)


def _file(settings: Settings) -> Path:
    return layout_of(settings).run / "system.json"
