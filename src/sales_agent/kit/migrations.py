"""Brings a database to the tables of this release, for whoever starts the system, the tests and the command line."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from sales_agent.config import ROOT

HEAD = "head"


def migration_config(migration_url: str = "", app_login: str = "") -> Config:
    """How alembic finds the migrations, wherever it is called from; it prints nothing."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("prepend_sys_path", str(ROOT))
    config.set_main_option("path_separator", "os")
    config.attributes.update(url=migration_url, app_login=app_login)
    return config


def upgrade(migration_url: str, app_login: str, revision: str = HEAD) -> None:
    """Run what is missing up to `revision`; several processes may do so at once, and one does the work.

    Args:
        migration_url: the database, with the login that owns the tables (it needs CREATEROLE the first time).
        app_login: the login of DATABASE_URL, which is granted what the application needs.
        revision: how far.
    """
    command.upgrade(migration_config(migration_url, app_login), revision)


def downgrade(migration_url: str, revision: str) -> None:
    """Take migrations back to `revision` (`base`: all of them), and their tables' rows with them."""
    config = migration_config(migration_url)
    command.downgrade(config, revision)


def head_revision() -> str:
    """The revision this release's code expects."""
    revision = ScriptDirectory.from_config(migration_config()).get_current_head()
    if revision is None:
        raise RuntimeError("this release was built without its migrations")
    return revision
