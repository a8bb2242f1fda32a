"""A session proves a person and what they may do at every request, until it ends, and leaves nothing to steal."""

import datetime as dt
from uuid import UUID

import psycopg
import pytest

from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.access.auth.sessions import SessionInvalid, Sessions
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.people import make_person, token_for


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.VIEWER, Scope.READ), (Role.OPERATOR, Scope.OPERATE), (Role.ADMIN, Scope.ADMIN), (Role.OWNER, Scope.OWNER)],
)
async def test_a_session_leads_to_its_person_and_their_role(
    role: Role, scope: Scope, database: Database, tenant_id: UUID
):
    person = await make_person(database, tenant_id, role, name="Mara")
    caller = await Sessions(database).authenticate(await token_for(database, person))
    expected = Principal(tenant_id, caller.key_id, "Mara", frozenset({scope}), user_id=person.user_id)
    assert caller == expected
    assert caller.actor == f"user:{person.user_id}"


async def test_the_session_itself_is_nowhere_in_the_database(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    token = await token_for(database, await make_person(database, tenant_id))
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute("select to_jsonb(s)::text from session s").fetchall()
    assert len(rows) == 1
    assert token[3:20] not in rows[0][0]


@pytest.mark.parametrize("wrong", ["", "ss_", "ss_" + "x" * 43, "sa_" + "x" * 43, "ss_" + "ä" * 43])
async def test_a_session_that_was_never_opened_is_refused(wrong: str, database: Database, tenant_id: UUID):
    await token_for(database, await make_person(database, tenant_id))
    with pytest.raises(SessionInvalid):
        await Sessions(database).authenticate(wrong)


async def test_a_session_is_refused_from_the_moment_it_expires(database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    over = await token_for(database, person, lives=dt.timedelta(seconds=-1))
    await Sessions(database).authenticate(await token_for(database, person))
    with pytest.raises(SessionInvalid):
        await Sessions(database).authenticate(over)


async def test_an_ended_session_is_refused_and_the_others_of_the_person_are_not(database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    ended, other = await token_for(database, person), await token_for(database, person)
    caller = await Sessions(database).authenticate(ended)
    async with database.transaction(tenant_id) as session:
        assert await SessionRepository(session, tenant_id).revoke(caller.key_id)
        assert not await SessionRepository(session, tenant_id).revoke(caller.key_id)
    await Sessions(database).authenticate(other)
    with pytest.raises(SessionInvalid):
        await Sessions(database).authenticate(ended)


async def test_a_disabled_person_is_refused_whatever_sessions_they_have(database: Database, tenant_id: UUID):
    person = await make_person(database, tenant_id)
    token = await token_for(database, person)
    async with database.transaction(tenant_id) as session:
        await UserRepository(session, tenant_id).disable(person.user_id)
    with pytest.raises(SessionInvalid):
        await Sessions(database).authenticate(token)


async def test_the_last_use_is_written_at_most_once_a_minute(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    token = await token_for(database, await make_person(database, tenant_id))
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        opened = connection.execute("select xmin::text from session").fetchone()
        await Sessions(database).authenticate(token)
        assert connection.execute("select xmin::text from session").fetchone() == opened
        connection.execute("update session set last_seen_at = now() - interval '61 seconds'")
        await Sessions(database).authenticate(token)
        fresh = connection.execute("select last_seen_at > now() - interval '10 seconds' from session").fetchone()
        assert fresh == (True,)
