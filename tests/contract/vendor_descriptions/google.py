"""Gmail, Drive and Calendar by Google's discovery documents, as google-api-python-client carries them."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient

from tests.contract.vendor_descriptions.operations import Operation, Operations, given

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_NAMES = ("gmail.v1", "drive.v3", "calendar.v3")

Document = dict[str, Any]
Detail = tuple[Document, Document]


@cache
def operations() -> Operations[Detail]:
    found = []
    for name in _NAMES:
        document = json.loads((_DOCUMENTS / f"{name}.json").read_text())
        for method in _methods(document):
            template = f"/{document['servicePath']}{method['path']}"
            found.append(Operation(method["httpMethod"], template, (document, method)))
    return Operations(found)


def _methods(resource: Document) -> Iterator[Document]:
    yield from resource.get("methods", {}).values()
    for below in resource.get("resources", {}).values():
        yield from _methods(below)


def complaints(method: str, path: str, query: Mapping[str, Any], body: Any) -> Iterator[str]:
    match = operations().find(method, path)
    if match is None:
        yield "no such method"
        return
    operation, in_path = match
    document, described = operation.detail
    known = {**document.get("parameters", {}), **described.get("parameters", {})}
    values = {**{name: unquote(value) for name, value in in_path.items()}, **query}
    for name in values:
        if name not in known:
            yield f"unknown parameter {name}"
            continue
        yield from _parameter(name, given(values, name), known[name])
    for name, parameter in known.items():
        if parameter.get("required") and name not in values:
            yield f"parameter {name} is missing"
    wanted = described.get("request", {}).get("$ref")
    if wanted:
        yield from _value(document, {"$ref": wanted}, body, "body")
    elif body is not None:
        yield "takes no body"


def _parameter(name: str, values: list[str], described: Document) -> Iterator[str]:
    if len(values) > 1 and not described.get("repeated"):
        yield f"{name} is given more than once"
    for value in values:
        if described["type"] == "boolean" and value not in {"true", "false"}:
            yield f"{name} is no boolean: {value}"
        if described["type"] == "integer" and not _is_within(value, described):
            yield f"{name} is no integer within its limits: {value}"
        if "enum" in described and value not in described["enum"]:
            yield f"{name} is none of its values: {value}"
        if "pattern" in described and not re.fullmatch(described["pattern"], value):
            yield f"{name} does not match its pattern: {value}"


def _is_within(value: str, described: Document) -> bool:
    if not re.fullmatch(r"-?\d+", value):
        return False
    return int(described.get("minimum", value)) <= int(value) <= int(described.get("maximum", value))


def _value(document: Document, schema: Document, value: Any, place: str) -> Iterator[str]:
    schema = document["schemas"][schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type")
    if kind == "object":
        yield from _object(document, schema, value, place)
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for index, entry in enumerate(value):
            yield from _value(document, schema["items"], entry, f"{place}[{index}]")
    elif not _is_scalar(kind, schema.get("format"), value):
        yield f"{place} is no {schema.get('format') or kind}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{place} is none of its values: {value}"


def _object(document: Document, schema: Document, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no object"
        return
    known = schema.get("properties", {})
    for name, member in value.items():
        described = known.get(name) or schema.get("additionalProperties")
        if described is None:
            yield f"{place} has no {name}"
        else:
            yield from _value(document, described, member, f"{place}.{name}")


def _is_scalar(kind: str | None, form: str | None, value: Any) -> bool:
    if form == "byte":
        return isinstance(value, str) and _is_base64url(value)
    if form == "date-time":
        return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)", value) is not None
    types: dict[str | None, type | tuple[type, ...]] = {"string": str, "boolean": bool, "number": (int, float)}
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return kind == "any" or (kind in types and isinstance(value, types[kind]))


def _is_base64url(value: str) -> bool:
    try:
        base64.b64decode(value.translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error:
        return False
    return not set(value) & set("+/")
