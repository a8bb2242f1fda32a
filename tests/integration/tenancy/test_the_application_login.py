"""The login the application works with owns nothing, bypasses nothing, and cannot change what was written for good."""

from uuid import UUID

import psycopg
import pytest

from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.pipeline import make_draft, make_draft_version
from tests.factories.records import make_contact
from tests.factories.store import store

APP, GROUP, DIRECTORY, OWNER = (
    "sales_agent_app",
    "sales_agent_application",
    "sales_agent_directory",
    "sales_agent_owner",
)

OWNED = """
    select relname::text from pg_class where relowner = any(%(roles)s::regrole[])
    union all select nspname::text from pg_namespace where nspowner = any(%(roles)s::regrole[])
    union all select proname::text from pg_proc where proowner = any(%(roles)s::regrole[])
    union all select datname::text from pg_database where datdba = any(%(roles)s::regrole[])"""

ABLE = """
    select rolname from pg_roles
    where rolname = any(%s) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"""

FORBIDDEN = {
    "to act as the owner": f"set role {OWNER}",
    "to act as the directory": f"set role {DIRECTORY}",
    "to take a wall down": "alter table contact no force row level security",
    "to open a wall": "create policy wide on contact using (true)",
    "to make a table": "create table public.mine (id int)",
    "to make a function of the directory": "create function directory.mine() returns int language sql as 'select 1'",
    "to replace one": (
        "create or replace function directory.tenant_by_slug(slug text) returns uuid "
        "language sql as 'select null::uuid'"
    ),
    "to empty a table": "truncate audit_event",
    "to change an audit event": "update audit_event set actor = 'nobody'",
    "to delete an audit event": "delete from audit_event",
    "to change a seal": "update audit_seal set hash = ''",
    "to delete a seal": "delete from audit_seal",
    "to change a decision": "update auto_approval_log set decision = 'auto_approve'",
    "to delete a decision": "delete from auto_approval_log",
    "to change the words of a draft": "update draft_version set body = ''",
    "to delete the words of a draft": "delete from draft_version",
    "to delete a draft, and its words with it": "delete from draft",
    "to delete a contact, and the drafts with it": "delete from contact",
    "to delete a tenant, and everything with it": "delete from tenant",
    "to lift a suppression": "delete from suppression",
    "to delete an effect": "delete from effect",
    "to read passwords": "select rolpassword from pg_authid",
}


def test_the_login_and_its_group_own_nothing_and_have_no_power(database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.superuser) as connection:
        assert connection.execute(OWNED, {"roles": [APP, GROUP]}).fetchall() == []
        assert connection.execute(ABLE, ([APP, GROUP, DIRECTORY],)).fetchall() == []
        members = "select pg_has_role(%s, %s, 'MEMBER')"
        assert connection.execute(members, (APP, GROUP)).fetchone() == (True,)
        for role in (OWNER, DIRECTORY):
            assert connection.execute(members, (APP, role)).fetchone() == (False,)
        can_login = connection.execute("select rolname from pg_roles where rolcanlogin and rolname ~ 'sales_agent'")
        assert set(can_login.fetchall()) == {(APP,), (OWNER,)}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_login_is_not_allowed(statement: str, database_urls: DatabaseUrls, tenant_id: UUID):
    with psycopg.connect(database_urls.app) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_owner_does_not_pass_the_walls_either(database_urls: DatabaseUrls, tenant_id: UUID):
    with psycopg.connect(database_urls.owner) as connection:
        assert connection.execute("select count(*) from tenant").fetchone() == (0,)
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        assert connection.execute("select count(*) from tenant").fetchone() == (1,)


async def test_findings_are_filled_in_once_and_the_words_never_change(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    contact = make_contact(tenant_id)
    draft = make_draft(tenant_id, contact.id)
    await store(database, contact, draft, make_draft_version(tenant_id, draft.id))
    fill_in = "update draft_version set findings = %s"
    with psycopg.connect(database_urls.app) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        assert connection.execute(fill_in, ('["first"]',)).rowcount == 1
        assert connection.execute(fill_in, ('["second"]',)).rowcount == 0
        assert connection.execute("select findings from draft_version").fetchall() == [(["first"],)]
