"""A limit is met exactly, however many approve at once and however many worker processes carry: none over, none under.

Counted in the mailbox. The limit is 20 a day; where the seller is, the day is far from its end.
"""

import pytest

from tests.acceptance.conftest import MakeSystem
from tests.acceptance.real_sends import (
    approve_and_send_at_one_moment,
    come_to_rest,
    for_real,
    laid_drafts,
    mails,
    start_workers,
    states,
)

LIMIT = 20


@pytest.mark.parametrize(
    ("approvals", "workers"), [(30, 2), pytest.param(100, 8, marks=[pytest.mark.long, pytest.mark.timeout(300)])]
)
def test_approvals_at_once_over_many_workers_send_the_limit_exactly(
    make_system: MakeSystem, approvals: int, workers: int
):
    # Few jobs a worker, so that all of them have some.
    system = make_system(**for_real(max_emails_per_day=LIMIT, worker_concurrency=4, lease_seconds=10.0))
    system.start("api", "relay")
    names = start_workers(system, workers)
    drafts = laid_drafts(system, approvals)

    approve_and_send_at_one_moment(system, drafts)
    come_to_rest(system, within=200)

    assert sorted(len(copies) for copies in mails(system).values()) == [1] * LIMIT
    assert states(system, drafts) == {"sent": LIMIT, "held": approvals - LIMIT}
    closed = system.rows("select gate, count(*) from send where status = 'held' group by gate")
    assert closed == [("quotas", approvals - LIMIT)]
    carried = [name for name in names if system.parts[name].has_said("provider.called")]
    assert carried == names
