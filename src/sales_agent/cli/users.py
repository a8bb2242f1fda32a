"""People on the command line: the first owner is made here, and whoever lost their password gets another."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sales_agent.bootstrap.terminal import console
from sales_agent.cli.terminal import AsJson, Tenant, print_json, say, with_database

if TYPE_CHECKING:
    from sales_agent.access.auth.roles import Role

app = typer.Typer(no_args_is_help=True, help="Users: make, list, set a password, disable.")

Email = Annotated[str, typer.Option(help="The address the user signs in with.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin; else one is made up and printed, once.")
]


@app.command(
    epilog="Examples: [bold]sales-agent users create --email mara@fabrikam.example --role owner[/], "
    "[bold]... --password-stdin < password.txt[/]"
)
def create(
    email: Email,
    role: Annotated[str, typer.Option(help="viewer, operator, admin or owner.")],
    name: Annotated[str, typer.Option(help="How the user is called.")] = "",
    tenant: Tenant = "default",
    *,
    password_stdin: FromStdin = False,
) -> None:
    """Make a user, the first owner too."""
    from sales_agent.bootstrap.people import NewPerson, create_user

    person = NewPerson(email, name, _role(role), _from_stdin() if password_stdin else None)
    made_up = with_database(lambda settings: create_user(settings, slug=tenant, person=person))
    say(f"Made {email}, {role} of `{tenant}`.")
    _show(made_up)


@app.command("list")
def list_all(tenant: Tenant = "default", *, as_json: AsJson = False) -> None:
    """List the tenant's users, oldest first."""
    from sales_agent.bootstrap.lines import show_users
    from sales_agent.bootstrap.people import list_users, user_as_json

    users = with_database(lambda settings: list_users(settings, slug=tenant))
    if as_json:
        print_json({"users": [user_as_json(user) for user in users]})
    else:
        show_users(console(), users)


@app.command("set-password")
def set_password(email: Email, tenant: Tenant = "default", *, password_stdin: FromStdin = False) -> None:
    """Give a user another password and end their sessions."""
    from sales_agent.bootstrap import people

    chosen = _from_stdin() if password_stdin else None
    made_up = with_database(lambda settings: people.set_password(settings, slug=tenant, email=email, password=chosen))
    say(f"{email} has another password; their sessions have ended.")
    _show(made_up)


@app.command()
def disable(email: Email, tenant: Tenant = "default") -> None:
    """Refuse a user from now on, and end their sessions."""
    from sales_agent.bootstrap.people import disable_user

    left = with_database(lambda settings: disable_user(settings, slug=tenant, email=email))
    say(f"{email} is disabled; their sessions have ended.")
    for key in left:
        say(f"A key they made still works: {key.name} ({key.prefix}). To end it: sales-agent keys revoke {key.id}")


def _role(word: str) -> "Role":
    from sales_agent.access.auth.roles import Role

    if word not in set(Role):
        raise typer.BadParameter(f"{word}: choose of {', '.join(Role)}")
    return Role(word)


def _from_stdin() -> str:
    """One line, without its end; a password is never an argument, which other processes can read."""
    return sys.stdin.readline().rstrip("\r\n")


def _show(made_up: str | None) -> None:
    if made_up is not None:
        say("Keep this password safe, it cannot be shown again:")
        typer.echo(made_up)
