"""What `sales-agent status` says of what may go out."""

import datetime as dt
from dataclasses import asdict, replace

import pytest

from sales_agent.bootstrap.status import SystemStatus
from sales_agent.controls.kill_switch import KillSwitchStatus
from sales_agent.controls.settings import CAREFUL, Switches
from sales_agent.observability.health import Health

BOLD = Switches(**{name: not value for name, value in asdict(CAREFUL).items()})
SET = KillSwitchStatus(dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC), "command_line", "drill")


@pytest.mark.parametrize(
    ("switches", "says"),
    [
        (CAREFUL, "Real sends are off: DRAFT_ONLY is true"),
        (replace(BOLD, draft_only=True), "Real sends are off: DRAFT_ONLY is true"),
        (replace(BOLD, allow_real_sends=False), "Real sends are off: ALLOW_REAL_SENDS is false"),
        (BOLD, "Real sends are on for every tenant that has not lowered them"),
    ],
)
def test_whether_mails_can_leave_is_said_with_the_switch_that_forbids_it(switches: Switches, says: str):
    status = SystemStatus(None, Health(is_ok=True, results=()), (), switches, KillSwitchStatus())
    assert status.lines()[-1].startswith(says)
    assert status.as_json()["real_sends_possible"] is (switches == BOLD)


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (KillSwitchStatus(), "The kill switch of the installation is not set."),
        (SET, "The kill switch is set since 2026-11-21 09:30 UTC by command_line: drill."),
    ],
)
def test_the_stop_of_the_installation_is_said(stop: KillSwitchStatus, says: str):
    assert says in SystemStatus(None, Health(is_ok=True, results=()), (), CAREFUL, stop).lines()


def test_where_nothing_runs_nothing_is_said_of_a_stop():
    assert SystemStatus(None, None, (), CAREFUL).lines() == ("Nothing runs here. Start it: sales-agent up",)
