"""A provider's answer of any shape is read without a crash."""

import pytest

from sales_agent.connectors.answer import (
    count_at,
    flag_at,
    object_at,
    objects_at,
    required_text,
    text_at,
    texts_at,
)
from sales_agent.connectors.errors import Transient

ANSWER: dict[str, object] = {
    "a": {"b": {"c": "deep", "n": 7, "yes": True}},
    "list": [{"id": 1}, "text", None, {"id": 2}],
    "texts": ["x", 3, "y"],
    "digits": "42",
    "nothing": None,
}


def test_what_is_there_is_found() -> None:
    assert text_at(ANSWER, "a", "b", "c") == "deep"
    assert text_at(ANSWER, "a", "b", "n") == "7"
    assert object_at(ANSWER, "a", "b")["n"] == 7
    assert [text_at(entry, "id") for entry in objects_at(ANSWER, "list")] == ["1", "2"]
    assert texts_at(ANSWER, "texts") == ["x", "y"]
    assert (count_at(ANSWER, "a", "b", "n"), count_at(ANSWER, "digits")) == (7, 42)
    assert flag_at(ANSWER, "a", "b", "yes")


@pytest.mark.parametrize(
    "path", [("x",), ("a", "x"), ("a", "b", "c", "d"), ("list", "id"), ("nothing",), ("nothing", "x")]
)
def test_what_is_absent_or_of_another_type_is_empty(path: tuple[str, ...]) -> None:
    assert text_at(ANSWER, *path) == ""
    assert object_at(ANSWER, *path) == {}
    assert objects_at(ANSWER, *path) == []
    assert texts_at(ANSWER, *path) == []
    assert count_at(ANSWER, *path) == 0
    assert not flag_at(ANSWER, *path)
    with pytest.raises(Transient):
        required_text(ANSWER, *path)
