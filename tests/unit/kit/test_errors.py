"""What is kept of an error tells where it came from, and nothing that somebody wrote."""

import pytest

from sales_agent.kit.errors import AppError, TooLarge, text_of, traceback_of

WORDS = "nora@newcomer.example"


def raised() -> BaseException:
    try:
        try:
            int(WORDS)
        except ValueError as error:
            raise TooLarge("more than a page") from error
    except TooLarge as wrapped:
        return wrapped


def test_our_own_errors_speak_for_themselves_and_of_others_only_the_class_is_told():
    assert text_of(AppError("no such scope")) == "AppError: no such scope"
    assert text_of(ValueError(WORDS)) == "ValueError"


def test_a_traceback_tells_every_place_and_cause_but_no_value():
    told = traceback_of(raised())

    assert WORDS not in told
    assert told.index("ValueError") < told.index("which led to:") < told.index("TooLarge: more than a page")
    assert "int(WORDS)" in told


def test_a_chain_that_bites_its_own_tail_comes_to_an_end():
    first, second = ValueError(), ValueError()
    first.__context__, second.__context__ = second, first

    assert traceback_of(first).count("ValueError") == 20


@pytest.mark.parametrize("error", [ValueError(WORDS), TooLarge()])
def test_an_error_that_was_never_raised_has_no_places(error: Exception):
    assert traceback_of(error) == text_of(error)
