"""Runs the migrations: in one transaction, one process at a time, never waiting long for a lock of a running system."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from migrations.tenancy import admit
from sales_agent.config import ROOT, load_settings
from sales_agent.kit.db import async_url
from sales_agent.kit.tables import metadata

# Any number will do as long as nobody else in this database locks it: "sales_ag" in ASCII.
ADVISORY_LOCK = 0x73616C65735F6167

# Whoever waits for another process's migration waits at most this long; then it fails rather than hangs.
QUEUE_TIMEOUT = "120s"

# A migration that cannot get a table at once gives up: the requests queueing behind its lock would be felt.
LOCK_TIMEOUT = "5s"


class NoMigrationLogin(RuntimeError):
    """Say who migrates: set MIGRATION_DATABASE_URL, or give `-x url=postgresql://...`."""


def import_tables() -> None:
    """Import every models.py, so that the metadata is whole without a list that could be forgotten.

    The sandbox plays the providers and has no tables: its models are language models.
    """
    source = ROOT / "src"
    for path in sorted(source.rglob("models.py")):
        if "sandbox" in path.parts:
            continue
        import_module(".".join(path.relative_to(source).with_suffix("").parts))


def given(name: str) -> str:
    """A value from the calling code (config attributes) or from `-x name=value`; empty if neither has it."""
    arguments = context.get_x_argument(as_dictionary=True)
    return context.config.attributes.get(name) or arguments.get(name) or ""


def migration_url() -> str:
    url = given("url") or load_settings().migration_database_url
    if not url:
        raise NoMigrationLogin(NoMigrationLogin.__doc__)
    return async_url(url)


def app_login() -> str:
    """The login of DATABASE_URL, which is admitted to what the migrations grant; empty if it is not known here."""
    if login := given("app_login"):
        return login
    url = load_settings().database_url
    return (make_url(async_url(url)).username or "") if url else ""


def render_vector(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write a vector column with the import it needs."""
    if kind == "type" and isinstance(item, VECTOR):
        autogen.imports.add("from pgvector.sqlalchemy import VECTOR")
        return f"VECTOR({item.dim})"
    return False


def number_revision(
    migration: MigrationContext, _revision: str | Iterable[str | None], scripts: list[MigrationScript]
) -> None:
    """Give a new migration the next number instead of a random one, so that the folder reads in order."""
    del migration
    count = len(list(ScriptDirectory.from_config(context.config).walk_revisions()))
    for script in scripts:
        script.rev_id = f"{count + 1:04d}"


def migrate(connection: sa.Connection, configure: Callable[..., None]) -> None:
    configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        render_item=render_vector,
        process_revision_directives=number_revision,
    )
    with context.begin_transaction():
        connection.execute(sa.text(f"set local lock_timeout = '{QUEUE_TIMEOUT}'"))
        connection.execute(sa.text(f"select pg_advisory_xact_lock({ADVISORY_LOCK})"))
        connection.execute(sa.text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()
        if login := app_login():
            admit(connection, login)


def main() -> None:
    import_tables()
    engine = sa.create_engine(migration_url(), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            migrate(connection, context.configure)
    finally:
        engine.dispose()


main()
