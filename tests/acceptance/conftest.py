"""Whole systems for the stories: real processes on stores of their own, the sandbox at the other end."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis
from sales_agent.sandbox.process import running_sandbox
from tests.acceptance.real_sends import asks_to_send
from tests.acceptance.system import TODAY, System
from tests.conftest import DatabaseUrls, copy_of
from tests.contract.vendor_schemas import invalid_requests

MakeSystem = Callable[..., System]


@contextmanager
def running_system(
    folder: Path, urls: DatabaseUrls, redis_url: str, *, has_hooks: bool = True, **changes: object
) -> Iterator[System]:
    """A system with only its sandbox started; at its end every request it made is judged.

    By the vendors' words, and by its switches: where real sends are not on, nobody ever asked for one.
    """
    journal = folder / "journal.jsonl"
    with running_sandbox(journal=journal, today=TODAY.isoformat() if has_hooks else "") as sandbox:
        sandbox.settings(search_lag_seconds=1)
        system = System(folder, urls, redis_url, sandbox, has_hooks=has_hooks, **changes)
        try:
            yield system
        finally:
            sandbox.withdraw_faults()
            system.close()
    made = [json.loads(line) for line in journal.read_text().splitlines()]
    assert invalid_requests(made) == []
    really_sends = system.settings.allow_real_sends and not system.settings.draft_only
    assert really_sends or [entry for entry in made if asks_to_send(entry)] == []


@pytest.fixture(scope="module")
def module_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path_factory.mktemp("module") / "redis") as server:
        yield server


@pytest.fixture(scope="module")
def make_system(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: EmbeddedPostgres,
    migrated_template: str,
    module_redis: EmbeddedRedis,
) -> Iterator[MakeSystem]:
    """Makes a system for all tests of the module; `changes` are settings."""
    with ExitStack() as opened:

        def make(**changes: object) -> System:
            urls = opened.enter_context(contextmanager(copy_of)(postgres_server, migrated_template))
            folder = tmp_path_factory.mktemp("system")
            return opened.enter_context(running_system(folder, urls, module_redis.url(), **changes))

        yield make
