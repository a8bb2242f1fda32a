"""What `/health/ready` asks, and which of it every answer needs."""

from functools import partial

from sales_agent.config import Settings
from sales_agent.kit import redis
from sales_agent.kit.db import Database
from sales_agent.kit.errors import TemporarilyUnavailable
from sales_agent.kit.migrations import head_revision
from sales_agent.observability.health import Check


class MigrationsBehind(TemporarilyUnavailable):
    """The database does not have the tables of this release: run `sales-agent migrate`."""


def readiness_checks(settings: Settings, database: Database) -> tuple[Check, ...]:
    """Database and migrations decide; Redis is told but does not count.

    Submissions are stored without Redis, and taking the API away from its callers would lose exactly those.
    """
    head = head_revision()

    async def migrations_at_head() -> None:
        if await database.revision() != head:
            raise MigrationsBehind

    return (
        Check("database", database.ping),
        Check("login", database.require_plain_login),
        Check("migrations", migrations_at_head),
        Check("redis", partial(redis.ping, settings.redis_url), is_required=False),
    )
