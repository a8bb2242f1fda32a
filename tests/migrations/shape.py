"""What a database looks like, from its own catalog: comparable, and complete where alembic's comparison is not."""

from dataclasses import dataclass
from typing import LiteralString, Self

import psycopg

Rows = frozenset[tuple[object, ...]]

COLUMNS: LiteralString = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where n.nspname in ('public', 'directory') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped"""

CONSTRAINTS: LiteralString = """
    select c.relname, o.conname, pg_get_constraintdef(o.oid)
    from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'directory')"""

INDEXES: LiteralString = """
    select t.relname, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
    where n.nspname in ('public', 'directory')"""

SECURITY: LiteralString = """
    select c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
        array(select array[p.polname::text, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)]
              from pg_policy p where p.polrelid = c.oid order by 1)::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'directory') and c.relkind = 'r'"""

FUNCTIONS: LiteralString = """
    select p.oid::regprocedure::text, p.prosrc, p.prosecdef, p.proconfig::text, p.proacl::text,
        pg_get_userbyid(p.proowner)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'directory'"""


@dataclass(frozen=True, slots=True)
class Shape:
    """Every table, constraint, index, policy, grant and function of ours; each row begins with its table's name."""

    columns: Rows
    constraints: Rows
    indexes: Rows
    security: Rows
    functions: Rows

    def without(self, table: str) -> Self:
        """The same shape as if that table did not exist."""
        kept = (
            frozenset(row for row in rows if row[0] != table)
            for rows in (self.columns, self.constraints, self.indexes, self.security)
        )
        return type(self)(*kept, self.functions)


def read_shape(connection: psycopg.Connection) -> Shape:
    queries = (COLUMNS, CONSTRAINTS, INDEXES, SECURITY, FUNCTIONS)
    return Shape(*(frozenset(connection.execute(query).fetchall()) for query in queries))
