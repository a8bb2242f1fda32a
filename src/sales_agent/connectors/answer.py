"""Reading a provider's answer without trusting its shape: what is absent or of another type reads as empty."""

from collections.abc import Mapping
from typing import TypeAlias, cast

from sales_agent.connectors.errors import Transient

JsonObject: TypeAlias = Mapping[str, object]


def _at(found: object, path: tuple[str, ...]) -> object:
    if not path:
        return found
    return _at(cast("JsonObject", found).get(path[0]), path[1:]) if isinstance(found, Mapping) else None


def object_at(answer: JsonObject, *path: str) -> JsonObject:
    """The object at a path; empty when there is none."""
    found = _at(answer, path)
    return cast("JsonObject", found) if isinstance(found, Mapping) else {}


def objects_at(answer: JsonObject, *path: str) -> list[JsonObject]:
    """The objects in the list at a path; empty when there is none."""
    found = _at(answer, path)
    if not isinstance(found, list):
        return []
    return [cast("JsonObject", entry) for entry in cast("list[object]", found) if isinstance(entry, Mapping)]


def listed_at(answer: JsonObject, *path: str) -> list[JsonObject]:
    """The objects in the list at a path; raises Transient where there is no list.

    For answers in which an empty list means that something does not exist: an odd answer must not mean that.
    """
    if not isinstance(_at(answer, path), list):
        raise Transient(f"the answer has no {'.'.join(path)}", may_have_acted=False)
    return objects_at(answer, *path)


def texts_at(answer: JsonObject, *path: str) -> list[str]:
    """The strings in the list at a path; empty when there is none."""
    found = _at(answer, path)
    return [entry for entry in cast("list[object]", found) if isinstance(entry, str)] if isinstance(found, list) else []


def text_at(answer: JsonObject, *path: str) -> str:
    """The text at a path, a number as its digits (ids come as either); empty when there is none."""
    found = _at(answer, path)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def count_at(answer: JsonObject, *path: str) -> int:
    """The whole number at a path, also when it came as text; 0 when there is none."""
    found = text_at(answer, *path)
    return int(found) if found.isascii() and found.isdigit() else 0


def flag_at(answer: JsonObject, *path: str) -> bool:
    """Whether the value at a path is true."""
    return _at(answer, path) is True


def required_text(answer: JsonObject, *path: str) -> str:
    """The text at a path; raises Transient when the answer lacks it: after a write, nobody knows what happened."""
    found = text_at(answer, *path)
    if not found:
        raise Transient(f"the answer has no {'.'.join(path)}")
    return found
