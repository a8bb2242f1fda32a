"""The installation on the command line: run it whole, prepare it, say how it stands."""

import asyncio
import contextlib
from typing import Annotated, Any

import typer

from sales_agent.bootstrap.terminal import console
from sales_agent.cli.terminal import FAILED, OK, AsJson, print_json, say, settings

app = typer.Typer()


@app.command(
    epilog="Examples: [bold]sales-agent up[/], [bold]sales-agent up --demo[/], [bold]PORT=9000 sales-agent up[/]"
)
def up(*, demo: Annotated[bool, typer.Option(help="With the sandbox and the demo tenant.")] = False) -> None:
    """Run everything: stores (unless given by URL), tables, worker, schedule, relay, API. Ctrl-C stops it in order."""
    from sales_agent.bootstrap.status import real_sends_line
    from sales_agent.bootstrap.up import SystemUp
    from sales_agent.controls.settings import Switches

    system = SystemUp(settings(), _tell, is_demo=demo)
    address = f"http://{system.settings.host}:{system.settings.port}"
    say(f"Starting Sales Agent at {address}; logs in {system.settings.data_dir / 'logs'}. Ctrl-C stops it.")
    ceiling = Switches.ceiling(system.settings)
    if ceiling.real_sends:
        say(f"Take care. {real_sends_line(ceiling)}")
    raise typer.Exit(system.run())


@app.command("check-secrets", epilog="Examples: [bold]sales-agent check-secrets --strict[/] before a deployment")
def check_secrets(
    *,
    strict: Annotated[bool, typer.Option(help="Exit 1 unless everything production needs is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say of each variable whether it is PRESENT, MISSING or INVALID, what it is for, what to do. Never a value."""
    from sales_agent.bootstrap.lines import show_variables
    from sales_agent.console.variables import is_ready_for_production, judge_environment

    reports = judge_environment()
    is_ready = is_ready_for_production(reports)
    if as_json:
        print_json({"ready": is_ready, "variables": [report.as_json() for report in reports]})
    else:
        show_variables(console(), reports)
    raise typer.Exit(FAILED if strict and not is_ready else OK)


@app.command()
def migrate() -> None:
    """Bring the database to the tables of this release."""
    from sales_agent.bootstrap import preparation
    from sales_agent.bootstrap.stores import reachable_database
    from sales_agent.kit.migrations import head_revision

    with reachable_database(settings()) as filled:
        preparation.migrate(filled)
    say(f"The database is at revision {head_revision()}.")


@app.command()
def setup() -> None:
    """Make tables, first tenant, webhook source and rules, as `up` does. Doing it again changes nothing."""
    from sales_agent.bootstrap import preparation
    from sales_agent.bootstrap.stores import reachable_database

    with reachable_database(settings()) as filled:
        preparation.migrate(filled)
        preparation.furnish_installation(filled, is_demo=False)
    say("Tables, tenant `default`, its webhook source and its rules are there.")


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say what runs here: system, stores, API, processes, and what may go out. 0 if the API is ready, else 1."""
    from sales_agent.bootstrap.lines import show_processes
    from sales_agent.bootstrap.status import read_status

    found = asyncio.run(read_status(settings()))
    if as_json:
        print_json(found.as_json())
    else:
        terminal = console()
        for line in found.lines():
            terminal.print(line)
        show_processes(terminal, found.processes)
    raise typer.Exit(OK if found.is_ready else FAILED)


def _tell(event: Any) -> None:  # noqa: ANN401 - an Event, whose module is not imported for --help
    from sales_agent.bootstrap.lines import line_of

    line = line_of(event)
    if line is not None:
        with contextlib.suppress(OSError):  # that nobody reads is no reason to stop serving
            say(line)
