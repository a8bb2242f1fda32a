"""The command line: one file a group of commands. The work lies in bootstrap, imported on demand."""

from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sales_agent.bootstrap.terminal import print_to_any_terminal
from sales_agent.cli import audit, demonstration, effects, emergency, installation, keys, processes, suppressions, users
from sales_agent.cli.terminal import FAILED, OK, say


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
            say(sentence)
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

# In the order in which help lists them; a group without a name puts its commands at the top.
app.add_typer(demonstration.app)
app.add_typer(installation.app)
app.add_typer(keys.app, name="keys")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(users.app, name="users")
app.add_typer(effects.app, name="effects")
app.add_typer(emergency.app, name="emergency")
app.add_typer(audit.app, name="audit")
app.add_typer(processes.app)


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
