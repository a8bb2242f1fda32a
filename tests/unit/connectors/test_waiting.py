"""Retry-After in every form it comes in."""

import datetime as dt

import pytest

from sales_agent.connectors.waiting import retry_after_seconds, with_jitter

NOW = dt.datetime(2031, 3, 4, 12, 0, 0, tzinfo=dt.UTC)
IN_TWO_MINUTES = "Tue, 04 Mar 2031 12:02:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 0.5 "}, 0.5),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "."}, None),
        ({"Retry-After": IN_TWO_MINUTES}, 120),
        ({"Retry-After": IN_TWO_MINUTES, "Date": "Tue, 04 Mar 2031 12:01:50 GMT"}, 10),
        ({"Retry-After": IN_TWO_MINUTES, "Date": "whenever"}, 120),
        ({"Retry-After": "Tue, 04 Mar 2031 11:00:00 GMT"}, 0),
        ({"Retry-After": "Tue, 99 Foo 2031 11:00:00 GMT"}, None),
    ],
)
def test_retry_after_is_understood_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers, NOW) == seconds


def test_jitter_never_shortens_a_wait() -> None:
    assert all(2 <= with_jitter(2) <= 2.5 for _ in range(200))
