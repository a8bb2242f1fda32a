"""The waits before a dead part is started again."""

import pytest

from sales_agent.embedded.backoff import Backoff


@pytest.mark.parametrize(
    ("lives", "waits", "suspicious"),
    [
        ([60.0], [0.1], False),  # one death after a long life is answered at once
        ([0.0, 0.0, 0.0], [0.1, 0.5, 1.0], False),
        ([0.0] * 6, [0.1, 0.5, 1.0, 2.0, 2.0, 2.0], True),  # never longer than the promise of three seconds
        ([0.0, 0.0, 0.0, 0.0, 10.0], [0.1, 0.5, 1.0, 2.0, 0.1], False),  # a settled life forgives
        ([9.9, 9.9], [0.1, 0.5], False),
    ],
)
def test_quick_deaths_in_a_row_wait_longer_and_become_suspicious(lives, waits, suspicious):
    backoff = Backoff()
    assert [backoff.died(after_seconds=seconds) for seconds in lives] == waits
    assert backoff.is_suspicious is suspicious
