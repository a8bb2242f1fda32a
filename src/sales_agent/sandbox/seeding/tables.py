"""Reads the tables of the data set."""

import json
from functools import cache
from importlib.resources import files

from sales_agent.sandbox.json_value import JsonObject


@cache
def _text(name: str) -> str:
    return (files("sales_agent.sandbox") / "data" / f"{name}.json").read_text(encoding="utf-8")


def rows(name: str) -> list[JsonObject]:
    """A table that is one list; a new copy each time, so that a world may change what it got."""
    return json.loads(_text(name))


def tables(name: str) -> JsonObject:
    """Several tables by name; a new copy each time."""
    return json.loads(_text(name))
