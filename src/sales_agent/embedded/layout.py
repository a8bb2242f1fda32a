"""Where everything lies under `var/`: one folder, to be deleted for a fresh start.

var/            0755
  postgres/     0700  the data; of `nobody` when root starts it
  redis/        0700  the append-only file, likewise
  run/          0700  sockets, pid files, the lock of the supervisor
  logs/         0700  one file per server and child, the last three runs kept
  secrets/      0700  generated passwords, 0600 each
  *.lock        0600  who owns which data folder
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sales_agent.embedded.errors import EmbeddedNotOurs
from sales_agent.embedded.folders import private_folder


@dataclass(frozen=True, slots=True)
class Places:
    """What belongs to one server's data folder, beside it."""

    data: Path
    log: Path
    passwords: Path
    sockets: Path
    lock: Path

    @classmethod
    def beside(cls, data: Path) -> Self:
        """The places for a data folder, by its name."""
        data = data.resolve()
        return cls(
            data=data,
            log=data.parent / "logs" / f"{data.name}.log",
            passwords=data.parent / "secrets" / f"{data.name}.json",
            sockets=data.parent / "run" / data.name,
            lock=data.parent / f"{data.name}.lock",
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one running system."""

    var: Path

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def redis(self) -> Path:
        return self.var / "redis"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    def create(self) -> None:
        """Make the folders that are not a server's own.

        Raises:
            EmbeddedNotOurs: one of them belongs to another account, or cannot be made.
        """
        try:
            self.var.mkdir(mode=0o755, parents=True, exist_ok=True)
            for folder in (self.run, self.logs, self.secrets):
                private_folder(folder)
        except OSError as error:
            way_out = "make it writable, or choose another folder with DATA_DIR=/path."
            raise EmbeddedNotOurs(f"{self.var} cannot be written ({error.strerror}): {way_out}") from None
