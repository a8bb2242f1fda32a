"""The tables of the product, and which class of which package declares each."""

import pkgutil
from importlib import import_module
from typing import Any, cast

from sqlalchemy import Table

import sales_agent
from sales_agent.kit.tables import Base


def declared_tables() -> dict[type[Base], Table[Any]]:
    """Class -> table, for every `models` module of the product, whatever room it is in."""
    for module in pkgutil.walk_packages(sales_agent.__path__, "sales_agent."):
        if module.name.rpartition(".")[2] == "models":
            import_module(module.name)
    # A declarative class may stand on any selectable; all of ours stand on a table.
    tables = {mapper.class_: cast("Table[Any]", mapper.class_.__table__) for mapper in Base.registry.mappers}
    return dict(sorted(tables.items(), key=lambda item: (item[0].__module__, item[1].name)))
