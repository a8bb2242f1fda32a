"""The parts on the command line, each alone: this process becomes the part."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from sales_agent.cli.terminal import settings

if TYPE_CHECKING:
    from sales_agent.config import Settings

app = typer.Typer()


@app.command()
def api() -> None:
    """Run the API alone, on stores that run already: for a machine of its own."""
    from sales_agent.bootstrap.parts import api_command

    _become(api_command)


@app.command()
def worker() -> None:
    """Run one worker alone. More workers on more machines is how it scales."""
    from sales_agent.bootstrap.parts import worker_command

    _become(lambda _: worker_command())


@app.command()
def relay() -> None:
    """Run the relay alone; a second one does no harm."""
    from sales_agent.bootstrap.parts import relay_command

    _become(lambda _: relay_command())


@app.command()
def schedule() -> None:
    """Run the schedule alone: one a system."""
    from sales_agent.bootstrap.parts import schedule_command

    _become(lambda _: schedule_command())


@app.command()
def sandbox() -> None:
    """Run the sandbox alone: HubSpot, Google and a model on SANDBOX_PORT, from one local server."""
    from sales_agent.bootstrap.parts import sandbox_command

    _replace(sandbox_command(settings()), None)


def _become(command: Callable[["Settings"], Sequence[str]]) -> None:
    """Turn this process into a part, with every setting said outright."""
    from sales_agent.bootstrap.parts import environment_of
    from sales_agent.bootstrap.spoken import NothingRuns
    from sales_agent.bootstrap.stores import stores_run, with_store_urls

    said = settings()
    if not stores_run(said):
        raise NothingRuns
    filled = with_store_urls(said)
    _replace(command(filled), environment_of(filled))


def _replace(argv: Sequence[str], environment: Mapping[str, str] | None) -> None:
    sys.stdout.flush()
    if environment is None:
        os.execv(argv[0], list(argv))  # noqa: S606 - our own module, no shell
    os.execve(argv[0], list(argv), dict(environment or {}))  # noqa: S606 - as above
