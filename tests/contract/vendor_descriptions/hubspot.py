"""HubSpot by the code of its own client: the paths it calls, the query it sends, the models its bodies are made of."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import hubspot

from tests.contract.vendor_descriptions.operations import Operation, Operations, given

# The client's packages for what this product touches.
_PACKAGES = (
    "contacts",
    "companies",
    "deals",
    "objects",
    "objects.tasks",
    "objects.notes",
    "owners",
    "associations.v4",
    "associations.v4.schema",
)

_CALL = re.compile(r'call_api\(\s*"(?P<path>/[^"]+)",\s*"(?P<method>[A-Z]+)"')
_QUERY = re.compile(r'query_params\.append\(\("(?P<name>\w+)", local_var_params\["(?P<variable>\w+)"\]')
_BODY = re.compile(r'body_params = local_var_params\["(?P<variable>\w+)"\]')
_TYPE = re.compile(r":type (?P<variable>\w+): (?P<type>[\w\[\], ]+)")

# The dated generations name the same endpoints in another order; the client still speaks the numbered ones.
_DATED = re.compile(r"/crm/(?P<family>objects|associations|owners)/\d{4}-\d\d(?P<rest>/.*)?")


@dataclass(frozen=True)
class Described:
    """One method of the client: query names with their types, the model of the body, where its models live."""

    query: dict[str, str]
    body: str
    models: ModuleType


@cache
def operations() -> Operations[Described]:
    return Operations([found for package in _PACKAGES for found in _operations_of(package)])


def _operations_of(package: str) -> Iterator[Operation[Described]]:
    folder = Path(hubspot.__file__).parent / "crm" / package.replace(".", "/")
    models = importlib.import_module(f"hubspot.crm.{package}.models")
    for path in sorted((folder / "api").glob("*_api.py")):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_with_http_info"):
                yield from _operation(ast.get_source_segment(text, node) or "", models)


def _operation(source: str, models: ModuleType) -> Iterator[Operation[Described]]:
    call = _CALL.search(source)
    if call is None:
        return
    types = {found["variable"]: found["type"].strip() for found in _TYPE.finditer(source)}
    query = {found["name"]: types.get(found["variable"], "str") for found in _QUERY.finditer(source)}
    body = _BODY.search(source)
    described = Described(query, types.get(body["variable"], "object") if body else "", models)
    yield Operation(call["method"], call["path"], described)


def numbered(path: str) -> list[str]:
    """The numbered spellings of a path: associations are a version ahead of the records."""
    dated = _DATED.fullmatch(path)
    if dated is None:
        return [path]
    return [f"/crm/{version}/{dated['family']}{dated['rest'] or ''}" for version in ("v3", "v4")]


def complaints(method: str, path: str, query: Mapping[str, Any], body: Any) -> Iterator[str]:
    matches = [operations().find(method, spelling) for spelling in numbered(path)]
    match = next((found for found in matches if found), None)
    if match is None:
        yield "no such method"
        return
    described = match[0].detail
    for name in query:
        if name not in described.query:
            yield f"unknown parameter {name}"
        elif not all(_is_query_value(described.query[name], value) for value in given(dict(query), name)):
            yield f"{name} is no {described.query[name]}"
    if described.body:
        yield from _value(described.models, described.body, body, "body")
    elif body is not None:
        yield "takes no body"


def _is_query_value(kind: str, value: str) -> bool:
    if kind == "int":
        return value.isdigit()
    return kind != "bool" or value in {"true", "false"}


def _value(models: ModuleType, kind: str, value: Any, place: str) -> Iterator[str]:
    inner = re.fullmatch(r"(list|dict)[\[(](?:str, )?(.+)[\])]", kind)
    if inner and inner[1] == "list":
        yield from _each(models, inner[2], enumerate(value) if isinstance(value, list) else None, place)
    elif inner:
        yield from _each(models, inner[2], value.items() if isinstance(value, dict) else None, place)
    elif hasattr(models, kind):
        yield from _model(models, getattr(models, kind), value, place)
    elif kind in _SCALARS and not isinstance(value, _SCALARS[kind]):
        yield f"{place} is no {kind}"


_SCALARS: dict[str, type] = {"str": str, "int": int, "bool": bool, "datetime": str}


def _each(models: ModuleType, kind: str, entries: Any, place: str) -> Iterator[str]:
    if entries is None:
        yield f"{place} is not made of {kind}"
        return
    for key, entry in entries:
        yield from _value(models, kind, entry, f"{place}[{key}]")


# Switches on the client's own checks: what is required, and what an enum allows.
_CHECKING = SimpleNamespace(client_side_validation=True)


def _model(models: ModuleType, model: Any, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no {model.__name__}"
        return
    variables = {name: variable for variable, name in model.attribute_map.items()}
    for name, member in value.items():
        if name not in variables:
            yield f"{place} has no {name}"
        else:
            yield from _value(models, model.openapi_types[variables[name]], member, f"{place}.{name}")
    try:
        model(
            local_vars_configuration=_CHECKING,
            **{variables[name]: member for name, member in value.items() if name in variables},
        )
    except ValueError as odd:
        yield f"{place}: {odd}"
