"""An API key proves its tenant and scopes at every request, and leaves nothing behind that could prove it again."""

import datetime as dt
import re
from uuid import UUID

import psycopg
import pytest

from sales_agent.access.auth.api_keys import ApiKeyInvalid, ApiKeys, create_api_key
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls


async def made(database: Database, tenant_id: UUID, **more: object) -> tuple[UUID, str]:
    async with database.transaction(tenant_id) as session:
        key, plain = await create_api_key(session, tenant_id, name="ci", scopes={Scope.OPERATE, Scope.DEMO}, **more)
    return key.id, plain


async def test_a_key_leads_to_its_tenant_and_scopes(database: Database, tenant_id: UUID):
    key_id, plain = await made(database, tenant_id)
    expected = Principal(tenant_id, key_id, "ci", frozenset({Scope.OPERATE, Scope.DEMO}))
    assert await ApiKeys(database).authenticate(plain) == expected


async def test_the_key_itself_is_nowhere_in_the_database(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    _, plain = await made(database, tenant_id)
    assert re.fullmatch(r"sa_[A-Za-z0-9_-]{43}", plain)
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute("select to_jsonb(k)::text from api_key k").fetchall()
    assert len(rows) == 1
    assert plain not in rows[0][0]
    assert plain[3:20] not in rows[0][0]


@pytest.mark.parametrize("wrong", ["", "sa_", "sa_" + "x" * 43, "pat-na1-0000", "sa_" + "ä" * 43, "Bearer sa_x"])
async def test_a_key_that_was_never_made_is_refused(wrong: str, database: Database, tenant_id: UUID):
    await made(database, tenant_id)
    with pytest.raises(ApiKeyInvalid):
        await ApiKeys(database).authenticate(wrong)


async def test_a_revoked_key_is_refused_at_once(database: Database, tenant_id: UUID):
    key_id, plain = await made(database, tenant_id)
    await ApiKeys(database).authenticate(plain)
    async with database.transaction(tenant_id) as session:
        assert await ApiKeyRepository(session, tenant_id).revoke(key_id)
        assert not await ApiKeyRepository(session, tenant_id).revoke(key_id)
    with pytest.raises(ApiKeyInvalid):
        await ApiKeys(database).authenticate(plain)


async def test_a_key_is_refused_from_the_moment_it_expires(database: Database, tenant_id: UUID):
    now = dt.datetime.now(dt.UTC)
    _, over = await made(database, tenant_id, expires_at=now - dt.timedelta(seconds=1))
    _, good = await made(database, tenant_id, expires_at=now + dt.timedelta(hours=1))
    await ApiKeys(database).authenticate(good)
    with pytest.raises(ApiKeyInvalid):
        await ApiKeys(database).authenticate(over)


async def test_the_last_use_is_written_at_most_once_a_minute(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    _, plain = await made(database, tenant_id)
    version = "select xmin::text, last_used_at is not null from api_key"
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        unused = connection.execute(version).fetchone()
        await ApiKeys(database).authenticate(plain)
        used = connection.execute(version).fetchone()
        await ApiKeys(database).authenticate(plain)
        assert connection.execute(version).fetchone() == used != unused
        connection.execute("update api_key set last_used_at = now() - interval '61 seconds'")
        await ApiKeys(database).authenticate(plain)
        fresh = connection.execute("select last_used_at > now() - interval '10 seconds' from api_key").fetchone()
        assert fresh == (True,)
