"""Who may connect to the embedded PostgreSQL, and what the superuser prepares for them before they do."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from sales_agent.embedded import folders
from sales_agent.embedded.account import Account, own_name
from sales_agent.embedded.child import BARE_ENVIRONMENT
from sales_agent.embedded.errors import EmbeddedDidNotStart

# Names the line of pg_ident.conf that lets our own system account in as superuser.
_MAP = "sales_agent"

_FIRST_START = Path(__file__).with_name("first_start.sql")


def write_rules(data: Path, account: Account | None, *, has_tcp: bool) -> None:
    """The superuser as our own system account over the socket, everybody else with a password.

    Peer, not trust: it asks the kernel who is calling, and so holds even where the socket's permissions would
    not, against the server's own account too.
    """
    rules = f"local all postgres peer map={_MAP}\nlocal all all scram-sha-256\n"
    if has_tcp:
        rules += "host all postgres 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n"
    folders.write_private(data / "pg_hba.conf", rules, account)
    folders.write_private(data / "pg_ident.conf", f'{_MAP} "{own_name()}" postgres\n', account)


def prepare(install: Path, sockets: Path, port: int, passwords: Mapping[str, str]) -> None:
    """Logins, database, extension (`first_start.sql`); passwords go by environment, never as arguments."""
    server = {"PGHOST": str(sockets), "PGPORT": str(port), "PGUSER": "postgres", "PGDATABASE": "postgres"}
    done = subprocess.run(
        [install / "bin" / "psql", "-Xq"],
        check=False,
        input=_FIRST_START.read_text(),
        capture_output=True,
        text=True,
        env={**BARE_ENVIRONMENT, **server, **passwords},
    )
    if done.returncode:
        raise EmbeddedDidNotStart(f"Preparing it failed: {done.stderr.strip()}")
