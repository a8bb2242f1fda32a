"""Text as PostgreSQL can hold it: mails and forms bring characters that no text column and no JSON document takes."""

from collections.abc import Mapping


def storable_text(text: str) -> str:
    """The text without NUL, halves of surrogate pairs replaced by a question mark; everything else unchanged."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def storable_texts(values: Mapping[str, str]) -> dict[str, str]:
    """A mapping whose names and values can be stored."""
    return {storable_text(name): storable_text(value) for name, value in values.items()}
