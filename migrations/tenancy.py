"""What every migration says about access: who may touch a table, and that a tenant sees its own rows only."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# The grants go to this group; the login of DATABASE_URL is a member. It owns nothing.
APPLICATION = "sales_agent_application"

# Owns the directory functions, sees only the columns they need, and nobody can log in as it.
DIRECTORY = "sales_agent_directory"

READ_AND_WRITE = ("select", "insert", "update", "delete")
READ_AND_CHANGE = ("select", "insert", "update")
READ_AND_ADD = ("select", "insert")

# Null, and so no row at all, where no tenant is set: a connection that had one later returns '' instead of null.
# The sub-select is evaluated once a statement instead of once a row.
PRESENT_TENANT = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"


def create_role(name: str) -> None:
    """Make a group role unless it is there.

    Roles belong to the whole cluster: the migration of another database may make it at this moment.
    """
    op.execute(f"""
        do $$ begin
            if not exists (select from pg_catalog.pg_roles where rolname = '{name}') then
                create role {name} nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
            end if;
        exception when duplicate_object or unique_violation then null;
        end $$""")


def protect(table: str, grants: Sequence[str] = READ_AND_WRITE, *, owner_column: str = "tenant_id") -> None:
    """Force row-level security on the present tenant, and grant the application no more than it needs.

    FORCE, or the owner of the table, who migrates, would pass.
    """
    own = f"{owner_column} = {PRESENT_TENANT}"
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy present_tenant on {table} using ({own}) with check ({own})")
    grant(table, grants)


def grant(table: str, grants: Sequence[str]) -> None:
    """Grant the application access to a table."""
    op.execute(f"grant {', '.join(grants)} on {table} to {APPLICATION}")


def show_directory(table: str, columns: Sequence[str], *, updates: Sequence[str] = ()) -> None:
    """Let the directory see these columns of every tenant's rows, and change those."""
    op.execute(f"grant select ({', '.join(columns)}) on {table} to {DIRECTORY}")
    op.execute(f"create policy directory_reads on {table} for select to {DIRECTORY} using (true)")
    if updates:
        op.execute(f"grant update ({', '.join(updates)}) on {table} to {DIRECTORY}")
        op.execute(
            f"create policy directory_updates on {table} for update to {DIRECTORY} using (true) with check (true)"
        )


def hide_from_directory(table: str, *, updates: bool = False) -> None:
    """Undo `show_directory`."""
    op.execute(f"drop policy directory_reads on {table}")
    if updates:
        op.execute(f"drop policy directory_updates on {table}")
    op.execute(f"revoke all on {table} from {DIRECTORY}")


def become_directory() -> None:
    """Allow the migrating login to hand functions over to the directory role.

    Whoever makes a role may administer it, but since PostgreSQL 16 not yet act as it.
    """
    op.execute(f"""
        do $$ begin
            if not pg_catalog.pg_has_role(current_user, '{DIRECTORY}', 'SET') then
                execute pg_catalog.format('grant {DIRECTORY} to %I with inherit false, set true', current_user);
            end if;
        end $$""")


def create_look_up(signature: str, body: str) -> None:
    """A directory function: `signature` with its arguments, `body` from `returns` on. It answers ids of any tenant."""
    become_directory()
    # A new owner of a function must be allowed to create in its schema, at that moment only.
    op.execute(f"grant create on schema directory to {DIRECTORY}")
    op.execute(f"create function directory.{signature} {body} security definer set search_path = pg_catalog, pg_temp")
    op.execute(f"revoke all on function directory.{signature} from public")
    op.execute(f"grant execute on function directory.{signature} to {APPLICATION}")
    op.execute(f"alter function directory.{signature} owner to {DIRECTORY}")
    op.execute(f"revoke create on schema directory from {DIRECTORY}")


def admit(connection: sa.Connection, login: str) -> None:
    """Make `login` a member of the application group, at every migration run: the login may have changed since."""
    is_member = sa.text("select pg_has_role(:login, :group, 'USAGE')")
    if not connection.execute(is_member, {"login": login, "group": APPLICATION}).scalar_one():
        name = connection.dialect.identifier_preparer.quote(login)
        connection.execute(sa.text(f"grant {APPLICATION} to {name}"))
    # So that a process can tell whether it meets the tables it was built for.
    connection.execute(sa.text(f"grant select on alembic_version to {APPLICATION}"))
