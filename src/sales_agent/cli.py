"""The command line: what each command is called and takes. The work lies in bootstrap, imported on demand."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from typer.core import TyperGroup

from sales_agent.bootstrap.terminal import console, print_to_any_terminal

if TYPE_CHECKING:
    from sales_agent.config import Settings

OK, FAILED = 0, 1


class SpokenErrors(TyperGroup):
    """Says an error in a sentence; only a bug of ours shows where it happened."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own
        print_to_any_terminal()
        try:
            return super().invoke(ctx)
        except Exception as error:
            from sales_agent.bootstrap.spoken import sentence_for

            if isinstance(error, typer.Exit) or (sentence := sentence_for(error)) is None:
                raise
            _say(sentence)
            raise typer.Exit(FAILED) from None


app = typer.Typer(
    cls=SpokenErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Sales Agent: HubSpot form submissions become checked, evidence-backed e-mail drafts.",
    epilog="Begin with [bold]sales-agent demo[/]; for your own accounts [bold]sales-agent check-secrets[/] and "
    "[bold]sales-agent up[/].",
)
keys = typer.Typer(no_args_is_help=True, help="API keys: make, list, revoke.")
app.add_typer(keys, name="keys")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Tenant = Annotated[str, typer.Option(help="Slug of the tenant the key belongs to.")]


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"sales-agent {version('sales-agent')}")
        raise typer.Exit(OK)


@app.callback()
def everywhere(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Sales Agent: HubSpot form submissions become checked, evidence-backed e-mail drafts."""


@app.command(
    epilog="Examples: [bold]sales-agent up[/], [bold]sales-agent up --demo[/], [bold]PORT=9000 sales-agent up[/]"
)
def up(*, demo: Annotated[bool, typer.Option(help="With the sandbox and the demo tenant.")] = False) -> None:
    """Run everything: stores (unless given by URL), tables, worker, schedule, relay, API. Ctrl-C stops it in order."""
    from sales_agent.bootstrap.up import SystemUp

    system = SystemUp(_settings(), _tell, is_demo=demo)
    address = f"http://{system.settings.host}:{system.settings.port}"
    _say(f"Starting Sales Agent at {address}; logs in {system.settings.data_dir / 'logs'}. Ctrl-C stops it.")
    raise typer.Exit(system.run())


@app.command()
def demo(
    *, leave: Annotated[bool, typer.Option("--exit", help="End after printing; 0 if every lead got a draft.")] = False
) -> None:
    """Show three signed form submissions become checked drafts, then serve until Ctrl-C. All of it on this machine."""
    from sales_agent.bootstrap.demo.run import run_demo

    raise typer.Exit(run_demo(_settings(), console(), ends=leave))


@app.command("smoke-formlead")
def smoke_formlead(*, as_json: AsJson = False) -> None:
    """Send one lead down the whole road, starting what does not run; 0 if a checked draft came out, else 1."""
    from sales_agent.bootstrap.demo.smoke import run_smoke

    raise typer.Exit(run_smoke(_settings(), console(), as_json=as_json))


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
        _print_json({"ready": is_ready, "variables": [report.as_json() for report in reports]})
    else:
        show_variables(console(), reports)
    raise typer.Exit(FAILED if strict and not is_ready else OK)


@app.command()
def migrate() -> None:
    """Bring the database to the tables of this release."""
    from sales_agent.bootstrap import preparation
    from sales_agent.bootstrap.stores import reachable_database
    from sales_agent.kit.migrations import head_revision

    with reachable_database(_settings()) as settings:
        preparation.migrate(settings)
    _say(f"The database is at revision {head_revision()}.")


@app.command()
def setup() -> None:
    """Make tables, first tenant, webhook source and rules, as `up` does. Doing it again changes nothing."""
    from sales_agent.bootstrap import preparation
    from sales_agent.bootstrap.stores import reachable_database

    with reachable_database(_settings()) as settings:
        preparation.migrate(settings)
        preparation.furnish_installation(settings, is_demo=False)
    _say("Tables, tenant `default`, its webhook source and its rules are there.")


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say what runs here: system, stores, API, processes. 0 if the API is ready, else 1."""
    from sales_agent.bootstrap.lines import show_processes
    from sales_agent.bootstrap.status import read_status

    found = asyncio.run(read_status(_settings()))
    if as_json:
        _print_json(found.as_json())
    else:
        terminal = console()
        for line in found.lines():
            terminal.print(line)
        show_processes(terminal, found.processes)
    raise typer.Exit(OK if found.is_ready else FAILED)


@keys.command("create", epilog="Examples: [bold]sales-agent keys create --name dashboard --scope operate[/]")
def keys_create(
    name: Annotated[str, typer.Option(help="Who or what will use it; stands in the audit trail.")],
    scope: Annotated[list[str], typer.Option(help="read, operate (and read), admin (all), or demo; may be repeated.")],
    tenant: Tenant = "default",
) -> None:
    """Make an API key and print it, once: only its digest is kept."""
    from sales_agent.access.auth.principal import Scope
    from sales_agent.bootstrap.keys import create_key

    known = {choice.value: choice for choice in Scope}
    if unknown := set(scope) - set(known):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: choose of {', '.join(known)}")
    scopes = [known[word] for word in scope]
    plain = _with_database(lambda settings: asyncio.run(create_key(settings, slug=tenant, name=name, scopes=scopes)))
    _say("Keep it safe, it cannot be shown again. Use it as `Authorization: Bearer <key>` or `X-API-Key: <key>`:")
    typer.echo(plain)


@keys.command("list")
def keys_list(tenant: Tenant = "default") -> None:
    """List the tenant's keys, newest first."""
    from sales_agent.bootstrap.keys import list_keys
    from sales_agent.bootstrap.lines import show_keys

    show_keys(console(), _with_database(lambda settings: asyncio.run(list_keys(settings, slug=tenant))))


@keys.command("revoke")
def keys_revoke(
    key_id: Annotated[UUID, typer.Argument(help="The id that `keys list` shows.")], tenant: Tenant = "default"
) -> None:
    """Refuse a key from now on."""
    from sales_agent.bootstrap.keys import revoke_key

    _with_database(lambda settings: asyncio.run(revoke_key(settings, slug=tenant, key_id=key_id)))
    _say("Revoked.")


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

    _replace(sandbox_command(_settings()), None)


def _settings() -> "Settings":
    from sales_agent.config import load_settings

    return load_settings()


def _become(command: Callable[["Settings"], Sequence[str]]) -> None:
    """Turn this process into a part, with every setting said outright."""
    from sales_agent.bootstrap.parts import environment_of
    from sales_agent.bootstrap.spoken import NothingRuns
    from sales_agent.bootstrap.stores import stores_run, with_store_urls

    settings = _settings()
    if not stores_run(settings):
        raise NothingRuns
    filled = with_store_urls(settings)
    _replace(command(filled), environment_of(filled))


def _replace(argv: Sequence[str], environment: Mapping[str, str] | None) -> None:
    sys.stdout.flush()
    if environment is None:
        os.execv(argv[0], list(argv))  # noqa: S606 - our own module, no shell
    os.execve(argv[0], list(argv), dict(environment or {}))  # noqa: S606 - as above


def _with_database(work: "Callable[[Settings], Any]") -> Any:  # noqa: ANN401 - whatever the work gives
    """Do something with a database that has our tables, starting the embedded one for the moment if nobody runs it."""
    from sales_agent.bootstrap.preparation import prepared_database

    with prepared_database(_settings()) as settings:
        return work(settings)


def _tell(event: Any) -> None:  # noqa: ANN401 - an Event, whose module is not imported for --help
    from sales_agent.bootstrap.lines import line_of

    line = line_of(event)
    if line is not None:
        with contextlib.suppress(OSError):  # that nobody reads is no reason to stop serving
            _say(line)


def _say(line: str) -> None:
    """To people; stdout is for what programs read."""
    typer.echo(line, err=True)


def _print_json(document: Mapping[str, object]) -> None:
    typer.echo(json.dumps(document, indent=2, default=str))


if __name__ == "__main__":
    app()
