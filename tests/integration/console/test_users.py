"""People and keys from the command line: the first owner is made there, and gets in."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.access import make_tenant
from tests.factories.api import serving
from tests.factories.people import make_person
from tests.factories.store import store
from tests.integration.signin.browsers import audited

Run = Callable[..., subprocess.CompletedProcess[str]]

MARA = ("--email", "mara@northwind.example")


@pytest.fixture
def run(database_urls: DatabaseUrls, tmp_path: Path) -> Run:
    """The command line on the test's own database."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "/usr/bin:/bin", "COLUMNS": "160", "DATA_DIR": str(tmp_path / "var")}
        return subprocess.run(
            [sys.executable, "-m", "sales_agent.cli", *arguments],
            capture_output=True,
            text=True,
            input=stdin,
            env={**environment, "DATABASE_URL": database_urls.app},
            cwd="/",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
async def tenant_id(database: Database) -> UUID:
    """The tenant that commands work on unless told otherwise."""
    return await store(database, make_tenant(slug="default"))


async def signs_in(urls: DatabaseUrls, data_dir: Path, password: str) -> bool:
    async with serving(urls.app, data_dir) as client:
        answer = await client.post("/api/session", json={"email": "mara@northwind.example", "password": password})
    return answer.status_code == 200


async def test_the_first_owner_is_made_with_a_password_that_is_printed_once(
    run: Run, database: Database, database_urls: DatabaseUrls, data_dir: Path, tenant_id: UUID
):
    made = run("users", "create", *MARA, "--role", "owner", "--name", "Mara")
    assert made.returncode == 0, made.stderr
    password = made.stdout.strip()
    assert await signs_in(database_urls, data_dir, password)
    (user,) = json.loads(run("users", "list", "--json").stdout)["users"]
    assert {"email": "mara@northwind.example", "name": "Mara", "role": "owner"}.items() <= user.items()
    shown = run("users", "list")
    assert "mara@northwind.example" in shown.stdout
    assert password not in shown.stdout + json.dumps(user)
    assert ("command_line", "user.created", {"role": "owner", "has_password": True}) in await audited(
        database, tenant_id, about=UUID(user["id"])
    )


@pytest.mark.usefixtures("tenant_id")
async def test_a_password_is_read_from_stdin_and_printed_nowhere(run: Run, database_urls: DatabaseUrls, data_dir: Path):
    first, second = "a horse that reads", "a goat that writes"
    made = run("users", "create", *MARA, "--role", "admin", "--password-stdin", stdin=f"{first}\n")
    assert (made.returncode, made.stdout) == (0, "")
    changed = run("users", "set-password", *MARA, "--password-stdin", stdin=second)
    assert (changed.returncode, changed.stdout) == (0, "")
    assert not await signs_in(database_urls, data_dir, first)
    assert await signs_in(database_urls, data_dir, second)
    made_up = run("users", "set-password", *MARA).stdout.strip()
    assert await signs_in(database_urls, data_dir, made_up)


@pytest.mark.usefixtures("tenant_id")
async def test_who_is_disabled_does_not_get_in_and_the_last_owner_is_not(
    run: Run, database_urls: DatabaseUrls, data_dir: Path
):
    password = run("users", "create", *MARA, "--role", "admin").stdout.strip()
    assert run("users", "disable", *MARA).returncode == 0
    assert not await signs_in(database_urls, data_dir, password)
    lou = ("--email", "lou@northwind.example")
    run("users", "create", *lou, "--role", "owner")
    refused = run("users", "disable", *lou)
    assert (refused.returncode, refused.stderr) == (1, "This is the last owner: make another one first.\n")


async def test_who_is_disabled_leaves_keys_that_are_named(run: Run, database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        by = f"user:{person.user_id}"
        key, _ = await create_api_key(session, tenant_id, name="ci", scopes={Scope.READ}, created_by=by)

    done = run("users", "disable", "--email", person.email)

    assert (done.returncode, "their sessions have ended" in done.stderr + done.stdout) == (0, True)
    assert f"sales-agent keys revoke {key.id}" in done.stderr + done.stdout


@pytest.mark.usefixtures("tenant_id")
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("create", *MARA, "--role", "god"), 2, "viewer, operator, admin, owner"),
        (("create", "--email", "mara", "--role", "admin"), 1, "This is no e-mail address."),
        (("create", *MARA, "--role", "admin", "--password-stdin"), 1, "at least 12 characters"),
        (("create", *MARA, "--role", "admin", "--tenant", "contoso"), 1, "There is no tenant of this slug"),
        (("set-password", *MARA), 1, "sales-agent users list"),
        (("disable", *MARA), 1, "sales-agent users list"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], code: int, says: str):
    done = run("users", *arguments, stdin="short")
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


async def test_keys_are_listed_for_programs_and_their_making_is_in_the_trail(
    run: Run, database: Database, tenant_id: UUID
):
    plain = run("keys", "create", "--name", "ci", "--scope", "owner").stdout.strip()
    listed = run("keys", "list", "--json").stdout
    (key,) = json.loads(listed)["keys"]
    assert plain not in listed
    assert {"name": "ci", "scopes": ["owner"], "created_by": "command_line", "revoked_at": None}.items() <= key.items()
    assert run("keys", "revoke", key["id"]).returncode == 0
    assert json.loads(run("keys", "list", "--json").stdout)["keys"][0]["revoked_at"] is not None
    assert await audited(database, tenant_id, about=UUID(key["id"])) == [
        ("command_line", "api_key.created", {"scopes": ["owner"]}),
        ("command_line", "api_key.revoked", {}),
    ]
