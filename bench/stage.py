"""The stage: stores of our own in a temporary folder, migrated, with a tenant, and everything that is measured."""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from pydantic import SecretStr

from bench.load import Load, Order
from bench.processes import Part, start_part
from bench.providers import Providers
from bench.submissions import FORM_ID, PORTAL_ID, SOURCE, TARGET, Address
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.parts import api_command, environment_of, relay_command, worker_command
from sales_agent.bootstrap.probes import answers, api_answers, free_port
from sales_agent.bootstrap.setup import set_up
from sales_agent.config import ROOT, Settings
from sales_agent.embedded.postgres import DATABASE, EmbeddedPostgres, Login
from sales_agent.embedded.redis import EmbeddedRedis
from sales_agent.kit.migrations import upgrade

_HOST = "127.0.0.1"
_TABLES = """
    create schema bench;
    create table bench.bare_submission (id uuid primary key, payload jsonb not null,
                                        created_at timestamptz not null default now());
    create table bench.floor_submission (id bigint primary key generated always as identity, key uuid unique,
                                         payload jsonb not null);
    create table bench.careless_draft (lead text primary key, queued_at timestamptz not null, calls int not null,
                                       stored_at timestamptz not null default clock_timestamp())"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything with an address. `redis` is the URL of database 0; peers use another."""

    folder: Path
    settings: Settings
    tenant_id: UUID
    owner_url: str
    superuser_url: str
    celery_url: str
    providers: Providers
    providers_port: int
    client: "LoadClient"

    def ours(self) -> Address:
        """Our webhook."""
        return Address(_HOST, self.settings.port, TARGET, self.settings.hubspot_webhook_secret.get_secret_value())

    def start_api(self) -> Part:
        """Our API; not waited for."""
        # What follows the `python -m` that starts every part.
        return start_part("api", api_command(self.settings)[2:], self.folder, dict(environment_of(self.settings)))

    def start_relay(self) -> Part:
        """Our relay, ready."""
        part = start_part("relay", relay_command()[2:], self.folder, dict(environment_of(self.settings)))
        part.wait(lambda: part.has_said("relay.started"))
        return part

    def start_worker(self) -> Part:
        """Our worker; not waited for."""
        return start_part("worker", worker_command()[2:], self.folder, dict(environment_of(self.settings)))

    def start_bare(self) -> tuple[Part, Address]:
        """The bare API, ready."""
        port = free_port(_HOST, 0)
        part = start_part("bare", ("bench.bare_api", self.owner_url, str(port)), self.folder)
        part.wait(lambda: answers(_HOST, port, "/health"))
        return part, Address(_HOST, port, "/submissions", "")

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, whoever's it is; a statement without rows gives none."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            result = connection.execute(statement.encode(), values)
            return result.fetchall() if result.description else []

    def forget_leads(self) -> None:
        """Begin anew with empty tables."""
        self.rows("truncate submission, job, contact, effect cascade")

    def api_is_up(self) -> bool:
        """Whether our API serves."""
        return api_answers(_HOST, self.settings.port)


class LoadClient:
    """The load's process."""

    def __init__(self, part: subprocess.Popen[str]) -> None:
        self._process = part

    def put(self, order: Order) -> Load:
        """Carry out one order and wait for its end."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(asdict(order)) + "\n")
        stdin.flush()
        said = stdout.readline()
        if not said:
            raise RuntimeError("the load's process has ended; its words stand above")
        return Load(**json.loads(said))


@contextlib.contextmanager
def open_stage() -> Generator[Stage]:
    """Stores with fsync on, as a production database has it; all is gone afterwards."""
    with contextlib.ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.chmod(0o711)  # the account PostgreSQL runs as passes through
        postgres = opened.enter_context(EmbeddedPostgres(folder / "stores" / "postgres"))
        redis = opened.enter_context(EmbeddedRedis(folder / "stores" / "redis"))
        upgrade(postgres.migration_url, Login.APP)
        superuser_url = postgres.database_url(DATABASE, Login.SUPERUSER)
        with psycopg.connect(postgres.migration_url, autocommit=True) as owner:
            owner.execute(_TABLES)
        port = free_port(_HOST, 0)
        providers_port = free_port(_HOST, 0, besides=port)
        settings = _settings(folder, postgres.app_url, redis.url(), port, providers_port)
        stub = start_part("providers", ("bench.providers", str(providers_port)), folder)
        opened.callback(stub.end)
        providers = Providers(providers_port)
        stub.wait(providers.answers)
        yield Stage(
            folder=folder,
            settings=settings,
            tenant_id=asyncio.run(_furnish(settings)),
            owner_url=postgres.migration_url,
            superuser_url=superuser_url,
            celery_url=redis.celery_url(1),
            providers=providers,
            providers_port=providers_port,
            client=opened.enter_context(_load_client()),
        )


@contextlib.contextmanager
def _load_client() -> Generator[LoadClient]:
    part = subprocess.Popen(
        [sys.executable, "-m", "bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with part:
        yield LoadClient(part)
        assert part.stdin is not None
        part.stdin.close()


def _settings(folder: Path, database_url: str, redis_url: str, port: int, providers_port: int) -> Settings:
    """As in production, with every provider behind the stub."""
    stub, token = f"http://{_HOST}:{providers_port}", SecretStr("bench")
    return Settings(_env_file=None).model_copy(
        update={
            "data_dir": folder / "var",
            "database_url": database_url,
            "redis_url": redis_url,
            "port": port,
            "allow_crm_writes": True,
            "accept_reserved_domains": True,
            "webhook_source": SOURCE,
            "hubspot_portal_id": PORTAL_ID,
            "hubspot_form_ids": (FORM_ID,),
            "hubspot_webhook_secret": SecretStr("of-the-bench"),
            "hubspot_base_url": stub,
            "hubspot_access_token": token,
            "gmail_base_url": stub,
            "google_base_url": stub,
            "google_access_token": token,
            "drive_folder_ids": ("1folder",),
            "seller_name": "Mara Lindqvist",
            "seller_email": "mara@brightpath.example",
            "seller_company": "Brightpath",
            "seller_time_zone": "Europe/Berlin",
            "seller_country": "DE",
        }
    )


async def _furnish(settings: Settings) -> UUID:
    container = build_container(settings)
    try:
        return await set_up(container)
    finally:
        await container.close()
