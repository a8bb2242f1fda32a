"""Runs the embedded PostgreSQL alone, for a dump or a restore: `python -m sales_agent.embedded var/postgres`."""

import sys
from pathlib import Path

from sales_agent.embedded.errors import EmbeddedError
from sales_agent.embedded.events import Event
from sales_agent.embedded.layout import Places
from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.supervisor import Supervisor


def _say(event: Event) -> None:
    sys.stderr.write(f"{event.kind} {event.name} {event.detail}\n")


def main(data: Path) -> int:
    """Run until Ctrl-C; return the exit code."""
    places = Places.beside(data)
    postgres = EmbeddedPostgres(data)
    run_folder, log_folder = places.sockets.parent, places.log.parent
    try:
        return Supervisor([], [postgres], _say, run_folder=run_folder, log_folder=log_folder).run()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
