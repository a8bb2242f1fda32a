"""Writes the reference page of the tables."""

from itertools import groupby
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from sales_agent.kit.tables import Base
from tools.generate.markdown import notice, table
from tools.generate.tables import declared_tables

_DIALECT = postgresql.dialect()


def render() -> str:
    rooms = groupby(declared_tables().items(), key=lambda item: _room(item[0]))
    return (
        notice("the `models` modules")
        + "# Tables\n\nEvery table with `tenant_id` has forced row-level security on it.\n"
        + "".join(f"\n## {room}\n" + "".join(_table(*declared) for declared in tables) for room, tables in rooms)
    )


def _room(owner: type[Base]) -> str:
    return owner.__module__.removeprefix("sales_agent.").removesuffix(".models")


def _table(owner: type[Base], declared: Table[Any]) -> str:
    summary = " ".join((owner.__doc__ or "").strip().split("\n\n")[0].split())
    rows = [(f"`{column.name}`", _type(column), _points_to(column)) for column in declared.columns]
    return f"\n### {declared.name}\n\n{summary}\n\n" + table(("column", "type", "points to"), rows)


def _type(column: Column[Any]) -> str:
    name = column.type.compile(dialect=_DIALECT).lower()
    return f"{name}, may be null" if column.nullable else name


def _points_to(column: Column[Any]) -> str:
    return ", ".join(sorted(key.target_fullname for key in column.foreign_keys))
