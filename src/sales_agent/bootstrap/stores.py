"""The stores of one installation: those given by URL, else the embedded ones under DATA_DIR."""

import contextlib
from collections.abc import Generator

from sales_agent.config import Settings
from sales_agent.embedded.keeper import Store
from sales_agent.embedded.layout import Layout
from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis


def layout_of(settings: Settings) -> Layout:
    """Where everything lies."""
    return Layout(settings.data_dir.resolve())


def embedded_stores(settings: Settings) -> tuple[Store, ...]:
    """The stores that this installation runs itself, none of them started."""
    layout = layout_of(settings)
    postgres = (EmbeddedPostgres(layout.postgres),) if not settings.database_url else ()
    redis = (EmbeddedRedis(layout.redis),) if not settings.redis_url else ()
    return (*postgres, *redis)


def with_store_urls(settings: Settings) -> Settings:
    """The settings with every URL filled in; those of the embedded stores are known before their first start."""
    layout = layout_of(settings)
    urls: dict[str, object] = {"data_dir": layout.var}
    if not settings.database_url:
        postgres = EmbeddedPostgres(layout.postgres)
        urls |= {"database_url": postgres.app_url, "migration_database_url": postgres.migration_url}
    if not settings.redis_url:
        urls["redis_url"] = EmbeddedRedis(layout.redis).url()
    return settings.model_copy(update=urls)


def database_runs(settings: Settings) -> bool:
    """Whether there is a database to talk to without starting one."""
    return bool(settings.database_url) or EmbeddedPostgres(layout_of(settings).postgres).holder() is not None


def stores_run(settings: Settings) -> bool:
    """Whether database and Redis are there without starting one."""
    has_redis = bool(settings.redis_url) or EmbeddedRedis(layout_of(settings).redis).holder() is not None
    return has_redis and database_runs(settings)


@contextlib.contextmanager
def reachable_database(settings: Settings) -> Generator[Settings]:
    """The settings with URLs under which a database answers; without one, the embedded one runs for the block.

    Raises:
        EmbeddedError: it does not start.
    """
    if database_runs(settings):
        yield with_store_urls(settings)
        return
    layout = layout_of(settings)
    layout.create()
    with EmbeddedPostgres(layout.postgres):
        yield with_store_urls(settings)
