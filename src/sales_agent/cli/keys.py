"""API keys on the command line: made, listed, revoked."""

from typing import Annotated
from uuid import UUID

import typer

from sales_agent.bootstrap.terminal import console
from sales_agent.cli.terminal import AsJson, Tenant, print_json, say, with_database

app = typer.Typer(no_args_is_help=True, help="API keys: make, list, revoke.")


@app.command(epilog="Examples: [bold]sales-agent keys create --name dashboard --scope operate[/]")
def create(
    name: Annotated[str, typer.Option(help="Who or what will use it; stands in the audit trail.")],
    scope: Annotated[
        list[str], typer.Option(help="read, operate (and read), admin, owner (all), or demo; may be repeated.")
    ],
    tenant: Tenant = "default",
) -> None:
    """Make an API key and print it, once: only its digest is kept."""
    from sales_agent.access.auth.principal import Scope
    from sales_agent.bootstrap.keys import create_key

    known = {choice.value: choice for choice in Scope}
    if unknown := set(scope) - set(known):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: choose of {', '.join(known)}")
    scopes = [known[word] for word in scope]
    plain = with_database(lambda settings: create_key(settings, slug=tenant, name=name, scopes=scopes))
    say("Keep it safe, it cannot be shown again. Use it as `Authorization: Bearer <key>` or `X-API-Key: <key>`:")
    typer.echo(plain)


@app.command("list")
def list_all(tenant: Tenant = "default", *, as_json: AsJson = False) -> None:
    """List the tenant's keys, newest first."""
    from sales_agent.bootstrap.keys import key_as_json, list_keys
    from sales_agent.bootstrap.lines import show_keys

    keys = with_database(lambda settings: list_keys(settings, slug=tenant))
    if as_json:
        print_json({"keys": [key_as_json(key) for key in keys]})
    else:
        show_keys(console(), keys)


@app.command()
def revoke(
    key_id: Annotated[UUID, typer.Argument(help="The id that `keys list` shows.")], tenant: Tenant = "default"
) -> None:
    """Refuse a key from now on."""
    from sales_agent.bootstrap.keys import revoke_key

    with_database(lambda settings: revoke_key(settings, slug=tenant, key_id=key_id))
    say("Revoked.")
