"""`sales-agent demo`: a whole system on this machine, three people at its form, and what became of each."""

import asyncio
import threading
from collections.abc import Callable, Sequence

from rich.console import Console

from sales_agent.bootstrap.demo.leads import DemoAccess, DemoLead, follow, open_access, post
from sales_agent.bootstrap.demo.owner import open_owner
from sales_agent.bootstrap.demo.progress import shown
from sales_agent.bootstrap.demo.report import report, show_owner, what_next
from sales_agent.bootstrap.lines import line_of
from sales_agent.bootstrap.running import running_system
from sales_agent.bootstrap.spoken import sentence_for
from sales_agent.bootstrap.up import SystemUp
from sales_agent.config import Settings
from sales_agent.console.demo.people import PEOPLE, DemoPerson
from sales_agent.embedded.events import Event, EventKind
from sales_agent.kit.errors import AppError

# Stores, tables and parts are up within seconds; a slow machine gets minutes.
START_SECONDS = 180.0

# What is left to do once the supervisor has stopped is to end a request.
_JOIN_SECONDS = 10.0

Work = Callable[[Settings], bool]


class RunsWithoutDemo(AppError):
    """A system without the demo runs on this DATA_DIR: stop it first, or set another DATA_DIR."""


class SystemDidNotStart(AppError):
    """The system did not come up in time: its logs lie in DATA_DIR/logs."""


def run_demo(settings: Settings, console: Console, *, ends: bool) -> int:
    """Show the demo; 0 if every lead got its draft. With `ends` false it serves until it is stopped."""
    console.print("[bold]Sales Agent[/]: three people fill in the form of a fictitious company.")
    console.print("HubSpot, Gmail, Drive and Calendar are played by a sandbox on this machine; nothing leaves it.")

    def work(running: Settings) -> bool:
        return show_leads(running, console, ends=ends)

    return with_demo_system(settings, console, work, ends=ends)


def show_leads(settings: Settings, console: Console, *, ends: bool) -> bool:
    """Post the three, follow them, print everything; whether all are good."""
    access, leads = send(settings, PEOPLE, console)
    for lead in leads:
        report(console, lead)
    show_owner(console, asyncio.run(open_owner(settings)))
    if not ends:
        what_next(console, access, leads[0])
        console.print(f"\nServing at {access.client.address} until Ctrl-C.")
    return all(lead.is_good for lead in leads)


def send(settings: Settings, people: Sequence[DemoPerson], console: Console) -> tuple[DemoAccess, list[DemoLead]]:
    """Post a form for each and follow the runs to their ends."""
    access = open_access(settings)
    leads: list[DemoLead] = []
    for person in people:
        leads.append(post(access, person))
        console.print(f"  202 {person.person:<8} {person.fields['email']}", markup=False)
    with shown(console, leads) as on_change:
        follow(access, leads, on_change)
    return access, leads


def with_demo_system(settings: Settings, console: Console, work: Work, *, ends: bool) -> int:
    """Do the work on the demo system that runs here, or on one that is started for it. Main thread only."""
    running = running_system(settings)
    if running is not None:
        if not running.is_demo:
            raise RunsWithoutDemo
        return 0 if work(running.applied_to(settings)) else 1
    return _Show(settings, console, work, ends=ends).run()


class _Show:
    """The system in the main thread, which must start its processes; the work beside it in another."""

    def __init__(self, settings: Settings, console: Console, work: Work, *, ends: bool) -> None:
        self._console, self._work, self._ends = console, work, ends
        self._is_up, self._is_over = threading.Event(), threading.Event()
        self._is_good = False
        self._system = SystemUp(settings, self._tell, is_demo=True, may_move=True)

    def run(self) -> int:
        """Until the work is done, or until somebody stops it; the exit code."""
        beside = threading.Thread(target=self._beside, name="demo", daemon=True)
        beside.start()
        try:
            self._system.run()
        finally:
            self._is_over.set()
            self._is_up.set()
            beside.join(_JOIN_SECONDS)
        return 0 if self._is_good else 1

    def _beside(self) -> None:
        has_ended = False
        try:
            self._wait_until_up()
            if not self._is_over.is_set():
                self._is_good = self._work(self._system.settings)
            has_ended = True
        except Exception as error:  # noqa: BLE001 - whatever it is, the system must not be left running for nothing
            if not self._is_over.is_set():
                self._print(sentence_for(error) or f"{type(error).__name__}: {error}", style="red")
        finally:
            # Also where nobody reads any more, which rich tells by SystemExit.
            if self._ends or not has_ended:
                self._system.request_stop()

    def _wait_until_up(self) -> None:
        if not self._is_up.wait(START_SECONDS):
            raise SystemDidNotStart

    def _tell(self, event: Event) -> None:
        if event.kind is EventKind.SYSTEM_UP:
            self._is_up.set()
        line = line_of(event)
        if line is not None:
            self._print(line)

    def _print(self, line: str, *, style: str = "") -> None:
        """Once nobody reads, there is nobody to show a demo to: it stops, in order, instead of failing half way."""
        try:
            self._console.print(line, style=style, markup=False)
        except (OSError, SystemExit):
            self._is_good = False
            self._system.request_stop()
