"""Fills any strict JSON schema, always in the same way: from offered values where they fit, else from defaults."""

import dataclasses
from collections.abc import Callable
from typing import Any, cast

from sales_agent.sandbox.json_value import JsonObject, JsonValue

# Schemas may refer to themselves; below this depth optional lists stay empty.
DEEPEST = 6

_STRING_FORMATS = {
    "date-time": "2030-01-01T09:00:00Z",
    "date": "2030-01-01",
    "time": "09:00:00Z",
    "email": "someone@brightpath.example",
    "uri": "https://brightpath.example/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "duration": "PT30M",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Filler:
    """Walks a schema. `offer` proposes a value for a path of property names, or None to leave it to the defaults."""

    root: JsonObject
    offer: Callable[[tuple[str, ...], JsonObject], JsonValue]

    def value(self, schema: JsonObject, path: tuple[str, ...] = ()) -> JsonValue:
        """A value that the schema accepts."""
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        offered = self.offer(path, schema)
        if offered is not None and self.accepts(schema, offered):
            return offered
        if "enum" in schema:
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self._alternative(schema[key], path)
        if "allOf" in schema:
            return self.value(_merged(schema["allOf"]), path)
        return self._by_type(schema, path)

    def _resolved(self, schema: JsonObject) -> JsonObject:
        while "$ref" in schema:
            target: Any = self.root
            for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                target = target[step] if step else target
            schema = {**cast("JsonObject", target), **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def _alternative(self, schemas: list[JsonObject], path: tuple[str, ...]) -> JsonValue:
        """The first alternative that an offered value fits, else the first that is not null, else null."""
        resolved = [self._resolved(schema) for schema in schemas]
        offers = [(schema, self.offer(path, schema)) for schema in resolved]
        for schema, offered in offers:
            if offered is not None and self.accepts(schema, offered):
                return offered
        takes_null = any(schema.get("type") == "null" for schema in resolved)
        if takes_null:
            return None
        return self.value(resolved[0], path)

    def _by_type(self, schema: JsonObject, path: tuple[str, ...]) -> JsonValue:
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kinds, list):
            listed = cast("list[str]", kinds)
            if "null" in listed:
                return None
            kinds = listed[0]
        if kinds == "object":
            properties = cast("JsonObject", schema.get("properties", {}))
            return {name: self.value(below, (*path, name)) for name, below in properties.items()}
        if kinds == "array":
            return self._list(schema, path)
        if kinds in {"integer", "number"}:
            return _number(schema)
        if kinds == "boolean":
            return False
        return None if kinds == "null" else _string(schema, path)

    def _list(self, schema: JsonObject, path: tuple[str, ...]) -> list[JsonValue]:
        fewest = int(schema.get("minItems", 0))
        if not fewest or len(path) > DEEPEST:
            return []
        return [self.value(schema.get("items", {}), (*path, "[]")) for _ in range(fewest)]

    def accepts(self, schema: JsonObject, value: JsonValue) -> bool:
        """Whether a value fits a schema, as far as strict schemas can say."""
        schema = self._resolved(schema)
        if "const" in schema:
            return value == schema["const"]
        if "enum" in schema:
            return value in schema["enum"]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return any(self.accepts(below, value) for below in schema[key])
        kinds = schema.get("type", "object" if "properties" in schema else None)
        allowed = cast("list[str]", kinds if isinstance(kinds, list) else [kinds])
        return any(self._is_a(kind, schema, value) for kind in allowed)

    def _is_a(self, kind: str | None, schema: JsonObject, value: JsonValue) -> bool:
        if kind == "object":
            return isinstance(value, dict) and self._fits_object(schema, value)
        if kind == "array":
            rows = value if isinstance(value, list) else None
            fewest, most = schema.get("minItems", 0), schema.get("maxItems", 10**9)
            items = cast("JsonObject", schema.get("items", {}))
            return rows is not None and fewest <= len(rows) <= most and all(self.accepts(items, row) for row in rows)
        if kind == "string":
            return isinstance(value, str) and len(value) <= schema.get("maxLength", 10**9)
        if kind == "boolean":
            return isinstance(value, bool)
        if kind == "null":
            return value is None
        return kind not in {"integer", "number"} or _is_number(str(kind), schema, value)

    def _fits_object(self, schema: JsonObject, value: JsonObject) -> bool:
        properties = cast("JsonObject", schema.get("properties", {}))
        return (
            set(schema.get("required", ())) <= set(value)
            and (schema.get("additionalProperties", True) is not False or set(value) <= set(properties))
            and all(self.accepts(properties[name], below) for name, below in value.items() if name in properties)
        )


def _merged(schemas: list[JsonObject]) -> JsonObject:
    merged: JsonObject = {}
    for schema in schemas:
        merged = {**merged, **schema, "properties": {**merged.get("properties", {}), **schema.get("properties", {})}}
    return merged


def _is_number(kind: str, schema: JsonObject, value: JsonValue) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (kind == "number" or isinstance(value, int)) and _in_range(schema, value)


def _in_range(schema: JsonObject, value: float) -> bool:
    return schema.get("minimum", float("-inf")) <= value <= schema.get("maximum", float("inf"))


def _number(schema: JsonObject) -> float | int:
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    value = max(low, 0) if _in_range(schema, max(low, 0)) else low
    if "exclusiveMinimum" in schema and value == low:
        value = low + 1
    return int(value) if schema.get("type") == "integer" else value


def _string(schema: JsonObject, path: tuple[str, ...]) -> str:
    if schema.get("format") in _STRING_FORMATS:
        return _STRING_FORMATS[schema["format"]]
    named = [name for name in path if name != "[]"]
    text = named[-1].replace("_", " ").capitalize() if named else "Text"
    return text.ljust(int(schema.get("minLength", 0)), ".")[: schema.get("maxLength")]
