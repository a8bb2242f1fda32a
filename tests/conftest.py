"""The real stores every test may ask for: one PostgreSQL and one Redis a test process, one fresh database a test."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from sales_agent.embedded.postgres import DATABASE, EmbeddedPostgres, Login
from sales_agent.embedded.redis import EmbeddedRedis
from sales_agent.kit.db import Database, make_engine
from sales_agent.kit.ids import new_id
from sales_agent.kit.migrations import upgrade
from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.process import running_sandbox
from tests.contract.vendor_schemas import invalid_requests
from tests.factories.access import make_tenant
from tests.factories.store import store


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One database, seen by the application, by its owner, and by the one who may do anything."""

    app: str
    owner: str
    superuser: str


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("stores") / "postgres", fsync=False) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path_factory.mktemp("stores") / "redis") as server:
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgres_server: EmbeddedPostgres) -> str:
    """The name of a database with every table and no row, that nobody is connected to."""
    upgrade(postgres_server.migration_url, Login.APP)
    return DATABASE


def copy_of(server: EmbeddedPostgres, template: str) -> Iterator[DatabaseUrls]:
    name = f"test_{new_id().hex}"
    places = sql.Identifier(name), sql.Identifier(template), sql.Identifier(Login.OWNER)
    with psycopg.connect(server.database_url("postgres", Login.SUPERUSER), autocommit=True) as superuser:
        superuser.execute(sql.SQL("create database {} template {} owner {}").format(*places))
        yield DatabaseUrls(*(server.database_url(name, login) for login in (Login.APP, Login.OWNER, Login.SUPERUSER)))
        superuser.execute(sql.SQL("drop database {} with (force)").format(places[0]))


@pytest.fixture
def database_urls(postgres_server: EmbeddedPostgres, migrated_template: str) -> Iterator[DatabaseUrls]:
    """A database of the test's own, with every table."""
    yield from copy_of(postgres_server, migrated_template)


@pytest.fixture
def bare_database_urls(postgres_server: EmbeddedPostgres) -> Iterator[DatabaseUrls]:
    """A database of the test's own, without a table."""
    yield from copy_of(postgres_server, "template1")


@pytest.fixture
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """The door of the application to the test's own database."""
    database = Database(make_engine(database_urls.app, pool_size=10))
    yield database
    await database.dispose()


@pytest.fixture
async def tenant_id(database: Database) -> UUID:
    """A tenant."""
    return await store(database, make_tenant())


@pytest.fixture
async def other_tenant_id(database: Database) -> UUID:
    """Another tenant."""
    return await store(database, make_tenant())


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder for what a process keeps beside the stores."""
    return tmp_path / "var"


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxClient]:
    with running_sandbox() as client:
        yield client


@pytest.fixture
def sandbox(sandbox_process: SandboxClient) -> Iterator[SandboxClient]:
    """The data set anew, searchable at once. Afterwards every request of the test is judged by the vendors' words."""
    sandbox_process.reset()
    sandbox_process.settings(search_lag_seconds=0)
    yield sandbox_process
    sandbox_process.withdraw_faults()
    assert invalid_requests(sandbox_process.journal()) == []
