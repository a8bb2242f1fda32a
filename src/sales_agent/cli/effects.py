"""Outward writes on the command line: what is held, and its release."""

from typing import Annotated
from uuid import UUID

import typer

from sales_agent.bootstrap.terminal import console
from sales_agent.cli.terminal import FAILED, OK, AsJson, Tenant, print_json, say, with_database

app = typer.Typer(no_args_is_help=True, help="Outward writes: what is held and why, and its release.")


@app.command("list", epilog="Examples: [bold]sales-agent effects list[/], [bold]... --status refused --json[/]")
def list_all(
    tenant: Tenant = "default",
    status: Annotated[str, typer.Option(help="held, intended, done, unknown, refused, expired or cancelled.")] = "held",
    *,
    as_json: AsJson = False,
) -> None:
    """List outward writes of a status, oldest first, with what would let each go."""
    from sales_agent.bootstrap.held import list_effects, show_effects
    from sales_agent.effects.models import EffectStatus

    known = {choice.value: choice for choice in EffectStatus}
    if status not in known:
        raise typer.BadParameter(f"{status}: choose of {', '.join(known)}")
    page = with_database(lambda settings: list_effects(settings, slug=tenant, status=known[status]))
    if as_json:
        print_json(page.model_dump(mode="json"))
    else:
        show_effects(console(), page.items)


@app.command(
    epilog="Examples: [bold]sales-agent effects release 01930000-0000-7000-8000-000000000001[/], "
    "[bold]sales-agent effects release --all[/]"
)
def release(
    ids: Annotated[list[UUID] | None, typer.Argument(help="The ids that `effects list` shows.")] = None,
    tenant: Tenant = "default",
    *,
    every: Annotated[bool, typer.Option("--all", help="All that are listed and may be released.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show held writes and, when you agree, have a worker make them: exactly those, each judged once more."""
    from sales_agent.bootstrap.held import list_effects, release_effects, show_effects
    from sales_agent.effects.models import EffectStatus

    wanted = set(ids or [])
    if bool(wanted) == every:
        raise typer.BadParameter("name the ids, or say --all")
    page = with_database(lambda settings: list_effects(settings, slug=tenant, status=EffectStatus.HELD))
    chosen = [item for item in page.items if item.is_releasable and (every or item.id in wanted)]
    if missing := wanted - {item.id for item in chosen}:
        for item in page.items:
            if item.id in missing:
                say(f"{item.id}: {item.forbidden_because or item.held_because}. {item.released_when}")
        say(f"Not released: {', '.join(sorted(map(str, missing)))}. See `effects list`.")
        raise typer.Exit(FAILED)
    show_effects(console(), chosen)
    if not chosen or not (yes or typer.confirm(f"Release these {len(chosen)}?", err=True)):
        raise typer.Exit(OK)
    job_id = with_database(lambda settings: release_effects(settings, slug=tenant, items=chosen))
    say(f"A worker makes them one after the other (job {job_id}); `effects list` shows what stays held.")
