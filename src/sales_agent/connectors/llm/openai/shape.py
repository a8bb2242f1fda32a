"""Whether an answer has the shape of its schema: servers other than OpenAI's promise strictness and break it."""

from collections.abc import Callable, Mapping
from typing import cast

from sales_agent.connectors.answer import JsonObject, object_at, texts_at

_TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def fits(value: object, schema: JsonObject) -> bool:
    """Types, enums, required and forbidden properties, entries of lists: what our schemas use."""
    return (
        _is_of_type(value, schema.get("type"))
        and _is_listed(value, schema.get("enum"))
        and _members_fit(value, schema)
        and _entries_fit(value, schema)
    )


def _is_of_type(value: object, named: object) -> bool:
    names = cast("list[object]", named) if isinstance(named, list) else [named] if named else []
    return not names or any(_TYPES.get(str(name), _never)(value) for name in names)


def _never(_value: object) -> bool:
    return False


def _is_listed(value: object, allowed: object) -> bool:
    return not isinstance(allowed, list) or value in cast("list[object]", allowed)


def _members_fit(value: object, schema: JsonObject) -> bool:
    if not isinstance(value, Mapping):
        return True
    members, known = cast("JsonObject", value), object_at(schema, "properties")
    if schema.get("additionalProperties") is False and not members.keys() <= known.keys():
        return False
    if not members.keys() >= set(texts_at(schema, "required")):
        return False
    return all(fits(member, object_at(known, name)) for name, member in members.items())


def _entries_fit(value: object, schema: JsonObject) -> bool:
    entries = cast("list[object]", value) if isinstance(value, list) else []
    return all(fits(entry, object_at(schema, "items")) for entry in entries)
