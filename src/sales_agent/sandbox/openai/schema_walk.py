"""Fills any strict JSON schema, always in the same way: with what was proposed where that fits, else with defaults."""

import dataclasses
from collections.abc import Callable
from typing import Any

from sales_agent.sandbox.json_value import JsonObject, JsonValue

_STRING_FORMATS = {
    "date-time": "2030-01-01T09:00:00Z",
    "date": "2030-01-01",
    "time": "09:00:00Z",
    "email": "someone@brightpath.example",
    "uri": "https://brightpath.example/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "duration": "PT30M",
}
_ALTERNATIVES = ("anyOf", "oneOf")

# Whether a value is of a JSON type; a boolean is no number here.
_IS_A: dict[str, Callable[[JsonValue], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Filler:
    """Walks a schema whose references lead into `root`."""

    root: JsonObject

    def value(self, schema: JsonObject, proposal: JsonValue = None, name: str = "text") -> JsonValue:
        """A value the schema accepts, as close to the proposal as it allows; `name` is the property's."""
        schema = self._resolved(schema)
        if "const" in schema or "enum" in schema:
            allowed: list[JsonValue] = schema.get("enum") or [schema.get("const")]
            return proposal if proposal in allowed else allowed[0]
        for key in _ALTERNATIVES:
            if key in schema:
                return self._alternative(schema[key], proposal, name)
        kind = _kind(schema, proposal)
        if kind == "object":
            return self._object(schema, proposal)
        if kind == "array":
            return self._list(schema, proposal, name)
        if proposal is not None and self._accepts(schema, proposal):
            return proposal
        return _default(kind, schema, name)

    def _resolved(self, schema: JsonObject) -> JsonObject:
        while "$ref" in schema:
            target: JsonObject = self.root
            for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                target = target[step] if step else target
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        return schema

    def _alternative(self, schemas: list[JsonObject], proposal: JsonValue, name: str) -> JsonValue:
        """By the alternative that takes the proposal; without one null if that is allowed, else the first."""
        fitting = [schema for schema in schemas if self._accepts(schema, proposal)]
        return self.value((fitting or schemas)[0], proposal, name)

    def _object(self, schema: JsonObject, proposal: JsonValue) -> JsonObject:
        proposed: JsonObject = proposal if isinstance(proposal, dict) else {}
        properties: dict[str, JsonObject] = schema.get("properties", {})
        return {name: self.value(below, proposed.get(name), name) for name, below in properties.items()}

    def _list(self, schema: JsonObject, proposal: JsonValue, name: str) -> list[JsonValue]:
        items: JsonObject = schema.get("items", {})
        proposed: list[Any] = proposal if isinstance(proposal, list) else []
        filled = [self.value(items, entry, name) for entry in proposed[: schema.get("maxItems")]]
        missing = int(schema.get("minItems", 0)) - len(filled)
        return filled + [self.value(items, None, name) for _ in range(missing)]

    def _accepts(self, schema: JsonObject, value: JsonValue) -> bool:
        """Whether a value is of the schema's type and within its bounds; the inside of lists and objects is fitted."""
        schema = self._resolved(schema)
        if "const" in schema or "enum" in schema:
            return value in schema.get("enum", [schema.get("const")])
        for key in _ALTERNATIVES:
            if key in schema:
                return any(self._accepts(below, value) for below in schema[key])
        if not any(_IS_A[kind](value) for kind in _kinds(schema)):
            return False
        if isinstance(value, str):
            return schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return isinstance(value, bool) or not isinstance(value, int | float) or _in_range(schema, value)


def _kinds(schema: JsonObject) -> list[str]:
    kinds: str | list[str] = schema.get("type", "object" if "properties" in schema else "string")
    return [kinds] if isinstance(kinds, str) else kinds


def _kind(schema: JsonObject, proposal: JsonValue) -> str:
    """The type to fill: the proposal's own where it is allowed, else null where that is, else the first."""
    kinds = _kinds(schema)
    fitting = [kind for kind in kinds if proposal is not None and _IS_A[kind](proposal)]
    return fitting[0] if fitting else "null" if "null" in kinds else kinds[0]


def _in_range(schema: JsonObject, value: float) -> bool:
    above = value > schema.get("exclusiveMinimum", float("-inf")) and value >= schema.get("minimum", float("-inf"))
    below = value < schema.get("exclusiveMaximum", float("inf")) and value <= schema.get("maximum", float("inf"))
    return above and below


def _default(kind: str, schema: JsonObject, name: str) -> JsonValue:
    if kind in {"integer", "number"}:
        candidates = (0, schema.get("minimum", 0), schema.get("exclusiveMinimum", 0) + 1, schema.get("maximum", 0))
        return next((number for number in candidates if _in_range(schema, number)), 0)
    if kind == "boolean":
        return False
    if kind == "null":
        return None
    if schema.get("format") in _STRING_FORMATS:
        return _STRING_FORMATS[schema["format"]]
    text = name.replace("_", " ").capitalize()
    return text.ljust(int(schema.get("minLength", 0)), ".")[: schema.get("maxLength")]
