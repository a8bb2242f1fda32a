"""The settings as rows: what config.py says about each, and under which of its comments it stands."""

import inspect
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr

from sales_agent.config import Settings

_SECTION = re.compile(r"    # (?P<title>.+)")
_FIELD = re.compile(r"    (?P<name>[a-z_]+): ")


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting; `variable` is its name in the environment, `default` as it would be written there."""

    section: str
    variable: str
    default: str
    kind: str
    description: str

    @property
    def is_for_tests(self) -> bool:
        return self.variable.startswith("TEST_")


def setting_rows() -> Iterator[SettingRow]:
    """Every setting in the order of config.py."""
    section = ""
    for line in inspect.getsource(Settings).splitlines():
        if title := _SECTION.fullmatch(line):
            section = title["title"]
        if (found := _FIELD.match(line)) and found["name"] in Settings.model_fields:
            field = Settings.model_fields[found["name"]]
            yield SettingRow(
                section,
                found["name"].upper(),
                _as_written(field.default),
                _kind(field.annotation),
                field.description or "",
            )


def _as_written(value: object) -> str:
    """A default as it would stand in the environment; a secret has none."""
    if isinstance(value, SecretStr):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def _kind(annotation: Any) -> str:  # noqa: ANN401 - annotations have no type of their own
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(get_args(annotation))
    if get_origin(annotation) is tuple:
        return "numbers, comma separated" if float in get_args(annotation) else "list, comma separated"
    if get_origin(annotation) is types.UnionType:
        return " or ".join(_kind(option) for option in get_args(annotation) if option is not types.NoneType)
    names = {bool: "true or false", int: "whole number", float: "number", SecretStr: "secret"}
    return names.get(annotation, "text")
