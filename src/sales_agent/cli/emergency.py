"""The kill switch on the command line: for whoever sits at the machine when nothing else answers."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from sales_agent.cli.terminal import AsJson, print_json, say, with_database

app = typer.Typer(no_args_is_help=True, help="The kill switch: stop, resume, status.")

Whose = Annotated[str | None, typer.Option("--tenant", help="Slug of one tenant; without it, everybody.")]
Why = Annotated[str, typer.Option(help="Why; kept, and shown to whoever asks.")]


@app.command(epilog='Examples: [bold]sales-agent emergency stop --reason "wrong price list"[/]')
def stop(tenant: Whose = None, reason: Why = "", *, as_json: AsJson = False) -> None:
    """Let nothing out from now on, and cancel what is queued; answers once nothing can begin any more."""
    from sales_agent.bootstrap import emergency

    told = with_database(lambda settings: emergency.stop(settings, slug=tenant, reason=reason))
    _tell(told, as_json=as_json)
    if not as_json:
        say(
            f"{told['in_flight']} calls had begun and have not ended; {told['confirmed']} of {told['workers']} workers "
            f"confirmed; {told['cancelled']} queued drafts cancelled."
        )


@app.command(epilog='Examples: [bold]sales-agent emergency resume --reason "price list corrected"[/]')
def resume(reason: Annotated[str, typer.Option(help="Why it is safe again.")], tenant: Whose = None) -> None:
    """Lift the stop; what was cancelled stays cancelled."""
    from sales_agent.bootstrap import emergency

    _tell(with_database(lambda settings: emergency.resume(settings, slug=tenant, reason=reason)), as_json=False)


@app.command()
def status(tenant: Whose = None, *, as_json: AsJson = False) -> None:
    """Tell whether anything may go out, and what is in flight."""
    from sales_agent.bootstrap import emergency

    _tell(with_database(lambda settings: emergency.status(settings, slug=tenant)), as_json=as_json)


def _tell(told: Mapping[str, Any], *, as_json: bool) -> None:
    from sales_agent.bootstrap.emergency import as_line

    if as_json:
        print_json(told)
    else:
        say(as_line(told))
