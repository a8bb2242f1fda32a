"""Text as PostgreSQL can hold it: mails and forms bring characters that no text column and no JSON document takes."""

from collections.abc import Mapping
from typing import Any


def storable_text(text: str) -> str:
    """The text without NUL, halves of surrogate pairs replaced by a question mark; everything else unchanged."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def is_storable(text: str) -> bool:
    """Whether the text can be stored as it is."""
    return storable_text(text) == text


def storable_texts(values: Mapping[str, str]) -> dict[str, str]:
    """A mapping whose names and values can be stored."""
    return {storable_text(name): storable_text(value) for name, value in values.items()}


def storable_json(value: Any) -> Any:  # noqa: ANN401 - any JSON value, and the same kind of value comes back
    """A JSON value in which every text can be stored."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable_text(str(name)): storable_json(below) for name, below in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [storable_json(below) for below in value]  # pyright: ignore[reportUnknownVariableType]
    return value
