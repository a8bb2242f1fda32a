"""Takes values out of a model's answer; whatever is not of the shape asked for counts as not said."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

Choice = TypeVar("Choice", bound=StrEnum)


def text_in(data: Mapping[str, object], key: str) -> str:
    """A string, or the empty one."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def texts_in(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    """The strings of a list, or none."""
    return tuple(item for item in _list_in(data, key) if isinstance(item, str))


def objects_in(data: Mapping[str, object], key: str) -> tuple[Mapping[str, object], ...]:
    """The objects of a list, or none."""
    return tuple(cast("Mapping[str, object]", item) for item in _list_in(data, key) if isinstance(item, dict))


def number_in(data: Mapping[str, object], key: str) -> int:
    """A whole number, or 0."""
    value = data.get(key)
    return value if isinstance(value, int) else 0


def choice_in(data: Mapping[str, object], key: str, choices: type[Choice], otherwise: Choice) -> Choice:
    """A member of a closed set, or `otherwise`."""
    value = text_in(data, key)
    return choices(value) if value in choices.__members__.values() else otherwise


def _list_in(data: Mapping[str, object], key: str) -> list[object]:
    value = data.get(key)
    return cast("list[object]", value) if isinstance(value, list) else []
