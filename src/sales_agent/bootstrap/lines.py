"""Lines for people at a terminal: what the supervisor tells, and tables of keys, variables and processes."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from sales_agent.access.auth.models import ApiKey, User
from sales_agent.console.team.keys import KeyState
from sales_agent.console.variables import VariableReport, VariableStatus
from sales_agent.controls.models import Worker
from sales_agent.embedded.events import Event, EventKind

_COLORS = {VariableStatus.PRESENT: "green", VariableStatus.MISSING: "yellow", VariableStatus.INVALID: "red"}

# What happens at every start and stop of every part needs no line each.
_UNTOLD = frozenset({EventKind.CHILD_STARTED, EventKind.CHILD_STOPPED, EventKind.STORE_STOPPED})
_WORDS = {
    EventKind.ORPHAN_ENDED: "ended, {detail}",
    EventKind.STORE_UP: "is up",
    EventKind.STORE_DIED: "died and is started again; {detail}",
    EventKind.STORE_FAILED: "does not come up: {detail}",
    EventKind.CHILD_UP: "is up",
    EventKind.CHILD_SLOW: "takes long: {detail}",
    EventKind.CHILD_DIED: "died ({detail})",
    EventKind.CHILD_KEEPS_DYING: "keeps dying: {detail}",
    EventKind.CHILD_KILLED: "was ended by force: {detail}",
}
_OF_THE_SYSTEM = {
    EventKind.SYSTEM_UP: "Ready.",
    EventKind.SYSTEM_STOPPING: "Stopping: finishing what is in hand ...",
    EventKind.SYSTEM_STOPPED: "Stopped.",
}


def line_of(event: Event) -> str | None:
    """What is said about an event, or None where nothing needs to be said."""
    if event.kind in _OF_THE_SYSTEM:
        return _OF_THE_SYSTEM[event.kind]
    if event.kind in _UNTOLD or event.kind not in _WORDS:
        return None
    return f"  {event.name:<9} {_WORDS[event.kind].format(detail=event.detail)}"


def show_variables(console: Console, reports: Iterable[VariableReport]) -> None:
    """One row a variable; never a value."""
    table = Table(box=None, pad_edge=False)
    for column in ("variable", "status", "what it is for", "what to do"):
        table.add_column(column, overflow="fold")
    for report in reports:
        status = f"[{_COLORS[report.status]}]{report.status}[/]"
        what = f"It {report.complaint}. {report.fix}" if report.complaint else report.fix
        optional = "" if report.is_required else " (optional)"
        table.add_row(report.name, status, report.about + optional, what)
    console.print(table)


def show_keys(console: Console, keys: Sequence[tuple[ApiKey, KeyState]]) -> None:
    """One row a key; the key itself is not kept."""
    table = Table(box=None, pad_edge=False)
    table.add_column("id", no_wrap=True, min_width=36)  # it is copied whole into `keys revoke`
    for column in ("name", "begins", "scopes", "last used", "expires", "state"):
        table.add_column(column, overflow="fold")
    for key, state in keys:
        used = f"{key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never"
        expires = f"{key.expires_at:%Y-%m-%d %H:%M} UTC" if key.expires_at else "never"
        table.add_row(str(key.id), key.name, f"{key.prefix}...", ", ".join(key.scopes), used, expires, state)
    console.print(table if keys else "No keys yet: sales-agent keys create --name me --scope operate")


def show_users(console: Console, users: Sequence[User]) -> None:
    """One row a person."""
    table = Table(box=None, pad_edge=False)
    for column in ("e-mail", "name", "role", "last sign-in", "state"):
        table.add_column(column, overflow="fold")
    for user in users:
        signed_in = f"{user.last_sign_in_at:%Y-%m-%d %H:%M} UTC" if user.last_sign_in_at else "never"
        table.add_row(user.email, user.name, user.role, signed_in, "disabled" if user.disabled_at else "live")
    console.print(table if users else "No users yet: sales-agent users create --email you@your.domain --role owner")


def show_processes(console: Console, workers: Sequence[Worker]) -> None:
    """One row a living process."""
    table = Table(box=None, pad_edge=False)
    for column in ("role", "host", "pid", "version", "since", "last seen"):
        table.add_column(column)
    for worker in workers:
        since, seen = f"{worker.started_at:%Y-%m-%dT%H:%M%z}", f"{worker.seen_at:%Y-%m-%dT%H:%M:%S%z}"
        table.add_row(worker.role, worker.host, str(worker.process_id), worker.version, since, seen)
    console.print(table)
