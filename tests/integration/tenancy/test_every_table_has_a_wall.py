"""Every table with a tenant has forced row-level security, one policy, and no key that spans tenants."""

import psycopg
import pytest

from sales_agent.kit.tables import metadata
from tests.conftest import DatabaseUrls
from tests.integration.tenancy.walls import OWN_ROWS, TABLES, WITHOUT_TENANT, breaches

OWN = OWN_ROWS.format(column="tenant_id")
TABLE = "create table leak (tenant_id uuid not null references tenant (id), id uuid, primary key (tenant_id, id))"
SECURED = "alter table leak enable row level security; alter table leak force row level security"
POLICY = f"create policy present_tenant on leak using {OWN} with check {OWN}"
PLAIN_KEY = (
    "create unique index one_contact on contact (id); alter table leak add contact_id uuid references contact (id)"
)
WALLED = f"{TABLE}; {SECURED}; {POLICY}"

PLANTED = {
    "no wall at all": (TABLE, "leak: row-level security is off"),
    "the owner passes": (
        f"{TABLE}; alter table leak enable row level security; {POLICY}",
        "leak: its owner passes row-level security",
    ),
    "no policy": (f"{TABLE}; {SECURED}", "leak: no policy keeps it to the tenant's own rows"),
    "a second policy": (
        f"{WALLED}; create policy wide on leak for select using (true)",
        "leak: the policy wide lets in more than the tenant's own rows",
    ),
    "reads only": (
        f"{TABLE}; {SECURED}; create policy reads on leak for select using {OWN}",
        "leak: no policy keeps it to the tenant's own rows",
    ),
    "writes anywhere": (
        f"{TABLE}; {SECURED}; create policy wide on leak using {OWN} with check (true)",
        "leak: the policy wide lets in more than the tenant's own rows",
    ),
    "a plain foreign key": (
        f"{WALLED}; {PLAIN_KEY}",
        "leak: the foreign key leak_contact_id_fkey does not carry the tenant",
    ),
    "a unique key over all tenants": (
        f"{WALLED}; alter table leak add name text unique",
        "leak: the unique key leak_name_key spans tenants",
    ),
    "no tenant": ("create table leak (id uuid primary key)", "leak: has no tenant_id"),
    "an old wall taken down": (
        "alter table contact no force row level security",
        "contact: its owner passes row-level security",
    ),
}


def test_every_table_stands_behind_its_wall(database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.owner) as connection:
        assert breaches(connection) == []
        names = {row[1] for row in connection.execute(TABLES).fetchall()}
    assert names == set(metadata.tables) | WITHOUT_TENANT


@pytest.mark.parametrize(("statements", "sentence"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_leak_is_found(statements: str, sentence: str, database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.owner, autocommit=True) as connection:
        connection.execute(statements)
        assert any(found.startswith(sentence) for found in breaches(connection)), breaches(connection)


def test_a_table_with_a_whole_wall_is_no_leak(database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.owner, autocommit=True) as connection:
        connection.execute(WALLED)
        assert breaches(connection) == []
