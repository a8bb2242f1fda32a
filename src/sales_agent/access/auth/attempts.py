"""Guessing made slow: attempts counted by key, in PostgreSQL, so that all processes of the API count together."""

import datetime as dt
import ipaddress

from sales_agent.access.auth.attempt_repository import AttemptRepository
from sales_agent.kit.crypto import digest
from sales_agent.kit.db import Database

# Ten guesses a minute find no password that passes our rules, and nobody mistypes their own more often.
LIMIT = 10
WINDOW_SECONDS = 60.0


async def count_attempt(
    database: Database, key: str, *, limit: int = LIMIT, window_seconds: float = WINDOW_SECONDS
) -> bool:
    """Count one attempt under `key`; whether it is still within the limit. Counts in a transaction of its own.

    Count before the secret is compared, or attempts made at once would all pass; `forgive_attempt` when it was right.
    Raises DatabaseUnavailable.
    """
    async with database.transaction() as session:
        attempts = AttemptRepository(session)
        counted = await attempts.count(digest(key), dt.timedelta(seconds=window_seconds))
        if counted == 1:
            await attempts.remove_old()
    return counted <= limit


def network_of(host: str | None) -> str:
    """Whom a request's attempts are counted for: its address, or with IPv6, where one person has many, its /64."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.IPv6Network((int(address), 64), strict=False))
    return str(address)


async def forgive_attempt(database: Database, key: str) -> None:
    """Uncount one attempt: it was no guess. Raises DatabaseUnavailable."""
    async with database.transaction() as session:
        await AttemptRepository(session).take_back(digest(key))
