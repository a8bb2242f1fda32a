"""What becomes of a failed attempt is told by the error that started it, unless one above it says what to do."""

import pytest

from sales_agent.effects.once import AnswerLost, EffectUnsettled
from sales_agent.kit.db import DatabaseUnavailable
from sales_agent.kit.errors import AppError
from sales_agent.pipeline.queue.retry import GiveUp, RetryLater, code_of, decide, error_class, root_cause

DELAYS = (60, 120)


class StepOfOursFailed(AppError):
    """A step failed."""


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_a_database_that_went_away_is_no_bug_whatever_its_driver_said():
    error = caused(StepOfOursFailed(), caused(DatabaseUnavailable(), RuntimeError("server closed the connection")))
    assert decide(error, attempts=0, delays=DELAYS) == RetryLater(60)
    assert code_of(root_cause(error)) == "database_unavailable"
    assert error_class(root_cause(error)) == "transient"


@pytest.mark.parametrize("attempts", [2, 3])
def test_it_is_given_up_once_every_retry_is_spent(attempts: int):
    assert decide(DatabaseUnavailable(), attempts=attempts, delays=DELAYS) == GiveUp("database_unavailable")


def test_a_bug_under_an_error_of_ours_is_found_and_given_up_at_once():
    error = caused(StepOfOursFailed(), KeyError("x"))
    assert decide(error, attempts=0, delays=DELAYS) == GiveUp("bug.KeyError")


@pytest.mark.parametrize("attempts", [0, 2, 9])
def test_to_wait_until_a_write_can_be_looked_up_spends_no_retry(attempts: int):
    assert decide(EffectUnsettled(retry_after_seconds=10), attempts=attempts, delays=DELAYS) == RetryLater(
        10, spends=False
    )


def test_a_write_whose_answer_is_lost_again_and_again_is_given_up():
    assert decide(AnswerLost(), attempts=1, delays=DELAYS) == RetryLater(120)
    assert decide(AnswerLost(), attempts=2, delays=DELAYS) == GiveUp("answer_lost")
