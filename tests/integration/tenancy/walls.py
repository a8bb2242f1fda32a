"""Reads from the catalog whether every table stands behind its wall; what it finds is a list of sentences."""

from collections.abc import Iterator

import psycopg

# Belong to nobody: the stop of everything, a living process, and the position of the migrations.
WITHOUT_TENANT = {"installation_stop", "installation_event", "worker", "attempt", "alembic_version"}

# Looked up before the tenant is known, so they must be unique over all tenants.
UNIQUE_OVER_ALL = {"uq_webhook_source_key", "uq_api_key_digest", "uq_session_digest"}

OWN_ROWS = "({column} = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS \"nullif\"))"

TABLES = """
    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
        and n.nspname not like 'pg_toast%' order by 2"""

POLICIES = """
    select polname, polpermissive, polcmd, polroles::regrole[]::text[], pg_get_expr(polqual, polrelid),
        pg_get_expr(polwithcheck, polrelid)
    from pg_policy where polrelid = %s"""

FOREIGN_KEYS = """
    select o.conname, t.relname,
        array(select a.attname::text from unnest(o.conkey) with ordinality k(n, i)
              join pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.n order by k.i),
        array(select a.attname::text from unnest(o.confkey) with ordinality k(n, i)
              join pg_attribute a on a.attrelid = o.confrelid and a.attnum = k.n order by k.i)
    from pg_constraint o join pg_class t on t.oid = o.confrelid where o.conrelid = %s and o.contype = 'f'"""

UNIQUE_KEYS = """
    select i.indexrelid::regclass::text, a.attname from pg_index i
    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = %s and i.indisunique"""


def breaches(connection: psycopg.Connection) -> list[str]:
    """What is wrong with the walls of this database, each sentence beginning with the table's name."""
    found: list[str] = []
    for table, name, is_secured, is_forced, is_owned in connection.execute(TABLES).fetchall():
        if name in WITHOUT_TENANT:
            continue
        if not is_owned and name != "tenant":
            found.append(f"{name}: has no tenant_id and is not listed as belonging to nobody")
            continue
        if not is_secured:
            found.append(f"{name}: row-level security is off")
        if not is_forced:
            found.append(f"{name}: its owner passes row-level security")
        found += [f"{name}: {sentence}" for sentence in _policies(connection, table, "tenant_id" if is_owned else "id")]
        if is_owned:
            found += [f"{name}: {sentence}" for sentence in _foreign_keys(connection, table)]
            found += [f"{name}: {sentence}" for sentence in _unique_keys(connection, table)]
    return found


def _policies(connection: psycopg.Connection, table: int, column: str) -> Iterator[str]:
    own_rows = OWN_ROWS.format(column=column)
    has_own = False
    for policy, is_permissive, command, roles, using, check in connection.execute(POLICIES, (table,)).fetchall():
        if not is_permissive or roles == ["sales_agent_directory"]:
            continue
        if (command, roles, using, check) == ("*", ["-"], own_rows, own_rows):
            has_own = True
        else:
            yield f"the policy {policy} lets in more than the tenant's own rows"
    if not has_own:
        yield "no policy keeps it to the tenant's own rows"


def _foreign_keys(connection: psycopg.Connection, table: int) -> Iterator[str]:
    for key, target, columns, target_columns in connection.execute(FOREIGN_KEYS, (table,)).fetchall():
        wanted = "id" if target == "tenant" else "tenant_id"
        if ("tenant_id", wanted) not in zip(columns, target_columns, strict=True):
            yield f"the foreign key {key} does not carry the tenant, and foreign keys see through row-level security"


def _unique_keys(connection: psycopg.Connection, table: int) -> Iterator[str]:
    for index, first_column in connection.execute(UNIQUE_KEYS, (table,)).fetchall():
        if index not in UNIQUE_OVER_ALL and first_column != "tenant_id":
            yield f"the unique key {index} spans tenants, so one can probe for another's rows"
