"""A foreign key points the way an import may point, and never past the wall between two tenants."""

from configparser import ConfigParser
from pathlib import Path

import pytest
from sqlalchemy import ForeignKeyConstraint, Table

from tools.generate.tables import declared_tables

CHECKOUT = Path(__file__).resolve().parents[2]
ROOM = {table.name: owner.__module__.removesuffix(".models") for owner, table in declared_tables().items()}
KEYS = [
    pytest.param(table, key, id=f"{table.name}.{key.column_keys[-1]}")
    for table in declared_tables().values()
    for key in sorted(table.foreign_key_constraints, key=lambda key: key.column_keys)
]


def heights(contract: str) -> dict[str, int]:
    """Full name of each room -> its height in a contract of .importlinter; rooms side by side share one."""
    parser = ConfigParser()
    parser.read(CHECKOUT / ".importlinter")
    section = parser[f"importlinter:contract:{contract}"]
    layers = section["layers"].strip().splitlines()
    return {
        f"{section['containers'].strip()}.{room.strip()}": len(layers) - height
        for height, layer in enumerate(layers)
        for room in layer.split("|")
    }


def may_point(source: str, target: str) -> bool:
    """Whether the room `source` may import the room `target`, by the floors and by the road."""
    for contract in ("floors", "road"):
        height = heights(contract)
        above, below = (_room_of(room, height) for room in (source, target))
        if above and below and above != below and height[above] <= height[below]:
            return False
    return True


def _room_of(name: str, rooms: dict[str, int]) -> str | None:
    return next((room for room in rooms if name == room or name.startswith(f"{room}.")), None)


def test_the_contracts_are_read_as_they_are_meant() -> None:
    assert may_point("sales_agent.records.leads", "sales_agent.access.tenancy")
    assert may_point("sales_agent.pipeline.workflow", "sales_agent.pipeline.drafting")
    assert may_point("sales_agent.records.memory", "sales_agent.records.leads")
    assert not may_point("sales_agent.records.leads", "sales_agent.pipeline.workflow")
    assert not may_point("sales_agent.pipeline.drafting", "sales_agent.pipeline.workflow")
    assert not may_point("sales_agent.pipeline.intake", "sales_agent.pipeline.workflow")


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_a_foreign_key_points_where_an_import_may(table: Table, key: ForeignKeyConstraint) -> None:
    target = key.referred_table.name
    assert may_point(ROOM[table.name], ROOM[target]), f"{ROOM[table.name]} may not know {ROOM[target]}"


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_a_foreign_key_carries_the_tenant(table: Table, key: ForeignKeyConstraint) -> None:
    pairs = [(element.parent.name, element.column.name) for element in key.elements]
    if key.referred_table.name == "tenant":
        assert pairs == [("tenant_id", "id")]
    elif "tenant_id" in key.referred_table.columns:
        assert pairs[0] == ("tenant_id", "tenant_id"), "a plain key ignores row-level security"
