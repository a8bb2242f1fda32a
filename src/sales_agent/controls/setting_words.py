"""What is wrong with the value of a setting, in the words of whoever set it and not of the library that judged it."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

_A_NUMBER: Final = "write a number"
_A_WHOLE_NUMBER: Final = "write a whole number"
_A_LIST: Final = "write a list, or one text with commas between"

_WORDS: Final[Mapping[str, str]] = {
    "float_parsing": _A_NUMBER,
    "float_type": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "int_parsing": _A_WHOLE_NUMBER,
    "int_type": _A_WHOLE_NUMBER,
    "int_from_float": _A_WHOLE_NUMBER,
    "int_parsing_size": _A_WHOLE_NUMBER,
    "greater_than": "write more than {gt:g}",
    "greater_than_equal": "write {ge:g} or more",
    "less_than_equal": "write {le:g} or less",
    "string_type": "write a text",
    "string_too_long": "write {max_length} characters at most",
    "string_pattern_mismatch": "write no line breaks and no control characters",
    "tuple_type": _A_LIST,
    "literal_error": "choose of {expected}",
    "value_error": "{error}",
}


def worded(error: ValidationError) -> str:
    """The first complaint, without the value: "write a whole number"."""
    first: Mapping[str, Any] = error.errors(include_input=False, include_url=False)[0]
    words = _WORDS.get(first["type"])
    return words.format_map(first.get("ctx", {})) if words else str(first["msg"])


def place_of(error: ValidationError) -> str:
    """The field that the first complaint is about."""
    return str(error.errors(include_input=False, include_url=False)[0]["loc"][0])
