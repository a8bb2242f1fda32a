"""The database door: one engine a process, one transaction at a time, always as one tenant or as none."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from sales_agent.kit.errors import AppError, TemporarilyUnavailable

_PING = sa.text("select 1")
_MAY_READ_REVISION = sa.text("""
    select coalesce(has_table_privilege(to_regclass('public.alembic_version')::oid, 'select'), false)""")
_REVISION = sa.text("select version_num from public.alembic_version")


# A superuser, a login with BYPASSRLS, and whoever owns a table (and so may switch its protection off).
_CAN_BYPASS = sa.text("""
    select exists (select from pg_roles where rolname = current_user and (rolsuper or rolbypassrls))
        or exists (select from pg_tables where schemaname = 'public' and pg_has_role(current_user, tableowner, 'usage'))
""")


class LoginCanBypass(AppError):
    """The login of DATABASE_URL may bypass what keeps tenants apart; give it one that owns nothing."""


class DatabaseUnavailable(TemporarilyUnavailable):
    """The database cannot do this right now."""


# What SQLAlchemy calls the end of a transaction whose connection broke within it.
_CONNECTION_LOST = "8s2b"

# A webhook is better answered 503 than late.
WAIT_SECONDS = 2.0


def async_url(url: str) -> str:
    """The URL with the psycopg driver named, whatever spelling of PostgreSQL it came with."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


# A server that vanished without a word is noticed within half a minute, not when the kernel gives up after hours.
_NOTICE_A_DEAD_PEER = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def make_engine(
    url: str, *, pool_size: int = 20, prepared: bool = True, wait_seconds: float = WAIT_SECONDS
) -> AsyncEngine:
    """An engine whose callers wait `wait_seconds` for a connection. Transactions are begun by Database alone."""
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        pool_pre_ping=False,
        pool_recycle=1800,
        isolation_level="AUTOCOMMIT",  # or the driver would say BEGIN on its own, in a round trip of its own
        hide_parameters=True,  # an error text is kept and shown; what people wrote is not
        connect_args={"connect_timeout": 2, "prepare_threshold": 3 if prepared else None, **_NOTICE_A_DEAD_PEER},
    )


def is_outage(error: BaseException) -> bool:
    """Whether the database is away or busy (rather than that a statement was wrong): the same may work in a moment."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, PendingRollbackError):  # somebody took a lost connection for an answer, and went on
        return error.code == _CONNECTION_LOST
    if isinstance(error, psycopg.OperationalError):  # at the very beginning of a transaction, past SQLAlchemy
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError)
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's own word: the socket broke, or it was given a value that it cannot send
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    # 08 connection, 40 rolled back in favour of another, 53 out of resources or disk, 57P shutdown, 25006 read-only
    return error.connection_invalidated or state[:2] in {"08", "40", "53"} or state.startswith(("57P", "25006"))


@dataclass(frozen=True, slots=True)
class Database:
    """Opens transactions. `commit` is called here when the block ends well, and nowhere in the code above."""

    engine: AsyncEngine

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID | None = None) -> AsyncGenerator[AsyncSession]:
        """One transaction as `tenant_id`; without one, row-level security shows no tenant's rows.

        Raises DatabaseUnavailable when the database is away.
        """
        try:
            async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
                await self._begin(session, tenant_id)
                yield session
                await session.commit()
        except (DBAPIError, PoolTimeout, PendingRollbackError, OSError, psycopg.OperationalError) as error:
            if is_outage(error):
                raise DatabaseUnavailable from error
            raise

    async def _begin(self, session: AsyncSession, tenant_id: UUID | None) -> None:
        """Begin and name the tenant in one round trip; the name ends with the transaction."""
        connection = (await session.connection()).sync_connection
        driver = connection.connection.driver_connection if connection is not None else None
        if not isinstance(driver, psycopg.AsyncConnection):
            raise TypeError("this engine does not speak through psycopg")
        # Hex digits cannot end a literal; two statements in one message allow no parameters.
        begin = "begin" if tenant_id is None else f"begin; set local app.tenant_id = '{tenant_id.hex}'"
        try:
            await driver.execute(begin.encode(), prepare=False)
        except psycopg.OperationalError:
            await self.engine.dispose()  # the other idle connections broke with this one
            raise

    async def ping(self) -> None:
        """Ask whether the database answers. Raises DatabaseUnavailable."""
        async with self.transaction() as session:
            await session.execute(_PING)

    async def revision(self) -> str | None:
        """The migration this database is at; None where no migration has run, or where we may not know."""
        async with self.transaction() as session:
            if not (await session.execute(_MAY_READ_REVISION)).scalar_one():
                return None
            return (await session.execute(_REVISION)).scalar_one_or_none()

    async def require_plain_login(self) -> None:
        """Raise LoginCanBypass where row-level security would not hold for the login of this process."""
        async with self.transaction() as session:
            if (await session.execute(_CAN_BYPASS)).scalar_one():
                raise LoginCanBypass

    def tenant(self, tenant_id: UUID) -> "TenantDatabase":
        """The same door, fixed to one tenant."""
        return TenantDatabase(self, tenant_id)

    async def dispose(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


@dataclass(frozen=True, slots=True)
class TenantDatabase:
    """Transactions of one tenant: what steps and agents' callers are handed."""

    database: Database
    tenant_id: UUID

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """One transaction as this tenant."""
        async with self.database.transaction(self.tenant_id) as session:
            yield session


async def wakeups(engine: AsyncEngine, channel: str) -> AsyncIterator[None]:
    """Yields at every NOTIFY on `channel`, for ever, over reconnections. What it missed only polling finds."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=2)
            async with connection:
                await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                async for _ in connection.notifies():
                    yield
        except psycopg.OperationalError:
            await asyncio.sleep(1)
