"""Before a tenant is known the directory answers ids, and nothing but ids."""

import datetime as dt
from uuid import UUID

import psycopg
import pytest

from sales_agent.access.tenancy.directory_repository import Directory, Whereabouts
from sales_agent.effects.in_flight_repository import InFlightRepository
from sales_agent.effects.repository import EffectRepository
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.seal import seal
from tests.conftest import DatabaseUrls
from tests.factories.access import make_api_key, make_session, make_tenant, make_user, make_webhook_source
from tests.factories.effects import make_effect
from tests.factories.ledger import make_audit_event
from tests.factories.pipeline import make_draft
from tests.factories.records import make_contact
from tests.factories.store import store

FUNCTIONS = """
    select p.proname, p.prosecdef, p.proconfig, pg_get_userbyid(p.proowner), pg_get_function_result(p.oid),
        has_function_privilege('public', p.oid, 'execute')
    from pg_proc p where p.pronamespace = 'directory'::regnamespace"""

ONLY_IDS = {
    "webhook_source": "TABLE(tenant_id uuid, source_id uuid)",
    "api_key": "TABLE(tenant_id uuid, key_id uuid)",
    "session": "TABLE(tenant_id uuid, session_id uuid)",
    "users_by_email": "TABLE(tenant_id uuid, user_id uuid)",
    "users_by_subject": "TABLE(tenant_id uuid, user_id uuid)",
    "tenant_by_slug": "uuid",
    "hand_over_jobs": "TABLE(tenant_id uuid, job_id uuid, kind text, queue text, trace_id text)",
    "tenants_to_seal": "TABLE(tenant_id uuid)",
    "tenants_to_anchor": "TABLE(tenant_id uuid)",
    "tenants_with_open_effects": "TABLE(tenant_id uuid)",
    "tenants_with_drafts_in": "TABLE(tenant_id uuid)",
    "tenants_with_drafts_to_tidy": "TABLE(tenant_id uuid)",
    "tenants_with_waiting_sends": "TABLE(tenant_id uuid)",
    "tenants_to_watch": "TABLE(tenant_id uuid)",
    "tenants_after": "TABLE(tenant_id uuid)",
    "effects_in_flight": "TABLE(in_flight bigint, may_begin bigint)",
    "due_job_count": "TABLE(queue text, state text, count bigint, oldest_seconds double precision)",
}


async def test_sources_keys_and_slugs_lead_to_their_tenant(database: Database):
    tenant = make_tenant(slug="northwind")
    source, key = make_webhook_source(tenant.id, key="forms"), make_api_key(tenant.id, digest="d1")
    await store(database, tenant, source, key)
    async with database.transaction() as session:
        directory = Directory(session)
        assert await directory.webhook_source("forms") == Whereabouts(tenant.id, source.id)
        assert await directory.api_key("d1") == Whereabouts(tenant.id, key.id)
        assert await directory.tenant_by_slug("northwind") == tenant.id
        assert await directory.webhook_source("other") is None
        assert await directory.api_key("d2") is None
        assert await directory.tenant_by_slug("contoso") is None


async def test_sessions_and_people_lead_to_every_tenant_they_are_in(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    known = {"email": "mara@northwind.example", "email_canonical": "mara@northwind.example", "oidc_subject": "s1"}
    here, there = make_user(tenant_id, **known), make_user(other_tenant_id, **known)
    signed_in = make_session(tenant_id, here.id, digest="d1")
    await store(database, here, signed_in)
    await store(database, there)
    both = {Whereabouts(tenant_id, here.id), Whereabouts(other_tenant_id, there.id)}
    async with database.transaction() as session:
        directory = Directory(session)
        assert await directory.session("d1") == Whereabouts(tenant_id, signed_in.id)
        assert await directory.session("d2") is None
        assert set(await directory.users_by_email("mara@northwind.example")) == both
        assert set(await directory.users_by_subject("s1")) == both
        assert await directory.users_by_email("kim@northwind.example") == []
        assert await directory.users_by_subject("s2") == []


def test_every_function_is_closed_to_the_public_and_answers_ids_only(database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.owner) as connection:
        functions = connection.execute(FUNCTIONS).fetchall()
    assert {name: result for name, _, _, _, result, _ in functions} == ONLY_IDS
    for name, is_definer, settings, owner, _, is_public in functions:
        assert is_definer, name
        assert settings == ["search_path=pg_catalog, pg_temp"], name
        assert owner == "sales_agent_directory", name
        assert not is_public, name


@pytest.mark.parametrize(
    "query",
    [
        "select secret_encrypted from webhook_source",
        "select * from webhook_source",
        "select name from api_key",
        "select name from tenant",
        'select password_hash from "user"',
        'select email from "user"',
        "select user_id from session",
        "select 1 from attempt",
        "select error from job",
        "select facts from audit_event",
        "select payload from effect",
        "select to_address from draft",
        "select 1 from contact",
        "select 1 from credential",
        "update job set next_run_at = now()",
        "delete from job",
    ],
)
def test_the_role_of_the_directory_sees_no_column_it_does_not_need(query: str, database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("set role sales_agent_directory")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(query)


async def test_tenants_whose_events_have_rested_are_told_to_the_sealer(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    await store(database, *(make_audit_event(tenant_id, at=earlier) for _ in range(3)))
    await store(database, make_audit_event(other_tenant_id, at=earlier + dt.timedelta(hours=1)))
    ask = "select tenant_id from directory.tenants_to_seal(10)"
    with psycopg.connect(database_urls.app, autocommit=True) as connection:
        assert connection.execute(ask).fetchall() == [(tenant_id,)]
        assert await seal(database.tenant(tenant_id)) == 3
        assert connection.execute(ask).fetchall() == []


async def test_tenants_with_open_effects_are_told_once_each(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    third = await store(database, make_tenant())
    statuses = {tenant_id: ["intended", "unknown", "held"], other_tenant_id: ["held", "done"], third: ["done"]}
    for owner, list_of in statuses.items():
        await store(database, *(make_effect(owner, status=status, key=str(new_id())) for status in list_of))
    ask = "select tenant_id from directory.tenants_with_open_effects(%s)"
    with psycopg.connect(database_urls.app) as connection:
        told = connection.execute(ask, (10,)).fetchall()
        assert sorted(told) == sorted([(tenant_id,), (other_tenant_id,)])
        assert len(connection.execute(ask, (1,)).fetchall()) == 1


async def test_tenants_with_drafts_in_a_state_are_told_once_each(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    states = {tenant_id: ["queued", "queued", "held"], other_tenant_id: ["approved"]}
    for owner, list_of in states.items():
        contact = make_contact(owner)
        await store(database, contact, *(make_draft(owner, contact.id, state=state) for state in list_of))
    with psycopg.connect(database_urls.app) as connection:
        ask = "select tenant_id from directory.tenants_with_drafts_in(%s, 10)"
        assert connection.execute(ask, ("queued",)).fetchall() == [(tenant_id,)]
        assert connection.execute(ask, ("sending",)).fetchall() == []


async def test_every_tenant_is_told_page_by_page(database: Database, tenant_id: UUID, other_tenant_id: UUID):
    async with database.transaction() as session:
        directory, found, after = Directory(session), [], UUID(int=0)
        while page := await directory.tenants_after(after, 1):
            found += page
            after = page[-1]
    assert found == sorted([tenant_id, other_tenant_id])


async def test_calls_in_flight_are_counted_over_all_tenants_and_nothing_else_is_told(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    now = dt.datetime.now(dt.UTC)
    long_ago = now - dt.timedelta(minutes=5)
    await store(database, make_effect(tenant_id, permitted_at=now), make_effect(tenant_id, permitted_at=long_ago))
    await store(database, make_effect(other_tenant_id, permitted_at=now))
    await store(database, make_effect(tenant_id), make_effect(tenant_id, status="done", permitted_at=now))
    async with database.transaction() as session:
        assert await InFlightRepository(session).count(60.0) == (3, 2)
    async with database.transaction(tenant_id) as session:
        assert await EffectRepository(session, tenant_id).in_flight(60.0) == (2, 1)
