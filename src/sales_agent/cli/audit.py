"""The audit trail on the command line: exported, and verified offline or where it lies."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from sales_agent.cli.terminal import FAILED, OK, AsJson, Tenant, print_json, say, with_database

app = typer.Typer(no_args_is_help=True, help="The audit trail: export it, prove that it is whole.")

# On a long trail somebody wants to see that it goes on: a line every few seconds.
TELL_EVERY = 100_000


@app.command(epilog="Examples: [bold]sales-agent audit export --tenant default --out audit.jsonl[/]")
def export(
    out: Annotated[Path, typer.Option(help="File to write, `-` for stdout. One that exists is left alone.")],
    tenant: Tenant = "default",
) -> None:
    """Write all that is sealed as JSON lines that prove themselves. That it was taken is itself recorded."""
    from sales_agent.bootstrap.audit import export_trail

    if out == Path("-"):
        head = with_database(lambda filled: export_trail(filled, slug=tenant, out=sys.stdout, progress=_teller()))
    else:
        try:
            stream = out.open("x", encoding="utf-8", newline="\n")
        except FileExistsError as error:
            found = f"{out} exists already, and an export overwrites nothing: name another file, or `-` for stdout"
            raise typer.BadParameter(found) from error
        except OSError as error:
            raise typer.BadParameter(f"{out}: {error.strerror}") from error
        with stream:
            try:
                head = with_database(lambda filled: export_trail(filled, slug=tenant, out=stream, progress=_teller()))
            except BaseException:
                out.unlink()  # half an export would only be in the way of the next try
                raise
    say(f"{head.head.sequence:,} events, head {head.head.hash}. Prove it: sales-agent audit verify {out}")


@app.command(
    epilog="Examples: [bold]sales-agent audit verify audit.jsonl --anchors anchors.jsonl[/] needs nothing but the "
    "files; [bold]sales-agent audit verify --tenant default[/] reads the database. Take the anchors first, then the "
    "export: one that is older than an anchor ends before it."
)
def verify(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="An export. Without: the database's own trail.")
    ] = None,
    anchors: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Ends exported earlier, kept elsewhere; may be repeated."),
    ] = None,
    tenant: Tenant = "default",
    *,
    as_json: AsJson = False,
) -> None:
    """Calculate every link anew and name the first broken one. 0 if all is whole, else 1."""
    from sales_agent.bootstrap.audit_verdict import verdict_as_json, verdict_lines
    from sales_agent.ledger.audit.anchors import read_anchors

    given = [line for one in anchors or [] for line in read_anchors(one)]
    extra: dict[str, object] = {}
    if file is None:
        from sales_agent.bootstrap.audit import verify_trail

        tenant_id, found = with_database(
            lambda filled: verify_trail(filled, slug=tenant, given=given, progress=_teller())
        )
    else:
        from sales_agent.ledger.audit.verify_export import verify_export

        checked = verify_export(file, given, progress=_teller())
        tenant_id, found = checked.tenant_id, checked.found
        extra = {"count": checked.count, "exported_at": checked.exported_at}
    if as_json:
        print_json({**verdict_as_json(tenant_id, found), **extra})
    else:
        for line in verdict_lines(found):
            typer.echo(line)
    raise typer.Exit(OK if found.ok else FAILED)


def _teller() -> Callable[[int], None]:
    told = 0

    def tell(count: int) -> None:
        nonlocal told
        if count // TELL_EVERY > told:
            told = count // TELL_EVERY
            say(f"{count:,} ...")

    return tell
