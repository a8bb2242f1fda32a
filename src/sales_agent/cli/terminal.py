"""What every command needs: the settings, a database with our tables, and a way to speak to people and to programs."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sales_agent.config import Settings

OK, FAILED = 0, 1

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Tenant = Annotated[str, typer.Option(help="Slug of the tenant it belongs to.")]


def settings() -> "Settings":
    """Every setting, as the environment and .env say."""
    from sales_agent.config import load_settings

    return load_settings()


def with_database(work: "Callable[[Settings], Coroutine[Any, Any, Any]]") -> Any:  # noqa: ANN401 - whatever it gives
    """Do something with a database that has our tables, starting the embedded one for the moment if nobody runs it."""
    from sales_agent.bootstrap.preparation import prepared_database

    with prepared_database(settings()) as filled:
        return asyncio.run(work(filled))


def say(line: str) -> None:
    """To people; stdout is for what programs read."""
    typer.echo(line, err=True)


def print_json(document: Mapping[str, object]) -> None:
    """To programs."""
    typer.echo(json.dumps(document, indent=2, default=str))
