"""The demo and the smoke test on the command line."""

from typing import Annotated

import typer

from sales_agent.bootstrap.terminal import console
from sales_agent.cli.terminal import AsJson, settings

app = typer.Typer()


@app.command()
def demo(
    *, leave: Annotated[bool, typer.Option("--exit", help="End after printing; 0 if every lead got a draft.")] = False
) -> None:
    """Show three signed form submissions become checked drafts, then serve until Ctrl-C. All of it on this machine."""
    from sales_agent.bootstrap.demo.run import run_demo

    raise typer.Exit(run_demo(settings(), console(), ends=leave))


@app.command("smoke-formlead")
def smoke_formlead(*, as_json: AsJson = False) -> None:
    """Send one lead down the whole road, starting what does not run; 0 if a checked draft came out, else 1."""
    from sales_agent.bootstrap.demo.smoke import run_smoke

    raise typer.Exit(run_smoke(settings(), console(), as_json=as_json))
