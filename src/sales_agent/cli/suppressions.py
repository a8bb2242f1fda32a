"""The suppression list on the command line: add, import, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sales_agent.cli.terminal import FAILED, Tenant, say, with_database

if TYPE_CHECKING:
    from sales_agent.controls.models import SuppressionReason

app = typer.Typer(no_args_is_help=True, help="Whom not to write to: add, import, export.")

Reason = Annotated[
    str, typer.Option(help="opt_out, complaint (lifted by owners only), bounce, manual, do_not_contact.")
]


@app.command(epilog="Examples: [bold]sales-agent suppressions add ada@example.com[/], [bold]... add example.com[/]")
def add(
    whom: Annotated[str, typer.Argument(help="An address; or a domain, which covers everybody there and below it.")],
    reason: Reason = "manual",
    tenant: Tenant = "default",
) -> None:
    """Write no more to an address or to a domain."""
    from sales_agent.bootstrap.suppressions import add_suppression

    known = _known(reason)
    is_new = with_database(lambda settings: add_suppression(settings, slug=tenant, whom=whom, reason=known))
    say("Added." if is_new else "It was there already.")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or JSON lines.")],
    reason: Reason = "manual",
    tenant: Tenant = "default",
) -> None:
    """Add a list of addresses, digests and domains. Lines that cannot be read are named and left out."""
    from sales_agent.bootstrap.suppressions import import_suppressions

    raw, known = file.read_bytes(), _known(reason)
    taken = with_database(lambda settings: import_suppressions(settings, slug=tenant, raw=raw, reason=known))
    for bad in taken.bad:
        say(f"line {bad.line}: {bad.says}")
    say(f"{taken.added} added, {taken.known} known, {len(taken.bad)} left out.")
    if taken.bad:
        raise typer.Exit(FAILED)


@app.command()
def export(tenant: Tenant = "default") -> None:
    """Print the list as CSV: digests, domains, reasons and dates; no address is in it."""
    from sales_agent.bootstrap.suppressions import export_suppressions

    typer.echo(with_database(lambda settings: export_suppressions(settings, slug=tenant)), nl=False)


def _known(reason: str) -> "SuppressionReason":
    from sales_agent.controls.models import SuppressionReason

    if reason not in set(SuppressionReason):
        raise typer.BadParameter(f"{reason}: choose of {', '.join(SuppressionReason)}")
    return SuppressionReason(reason)
