"""The runs of a demo while they are under way: ticking on a terminal, one line a step elsewhere."""

import contextlib
from collections.abc import Callable, Generator, Sequence

from rich.console import Console
from rich.live import Live
from rich.table import Table

from sales_agent.bootstrap.demo.api_client import rows
from sales_agent.bootstrap.demo.leads import DemoLead
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD

_SIGNS = {
    "pending": "[dim]·[/]",
    "running": "[yellow]●[/]",
    "done": "[green]✓[/]",
    "skipped": "[yellow]-[/]",
    "failed": "[red]✗[/]",
}
_ENDS = frozenset({"done", "skipped", "failed"})


@contextlib.contextmanager
def shown(console: Console, leads: Sequence[DemoLead]) -> Generator[Callable[[], None]]:
    """Gives what is to be called after every look at the runs."""
    if not console.is_terminal:
        lines = _Lines(console, leads)
        yield lines.update
        lines.update()
        return
    with Live(_table(leads), console=console, refresh_per_second=12) as live:
        yield lambda: live.update(_table(leads))
        live.update(_table(leads))


def _table(leads: Sequence[DemoLead]) -> Table:
    """A row a step, a column a lead."""
    table = Table(box=None, pad_edge=False)
    table.add_column("step", style="dim", justify="right")
    table.add_column("")
    for lead in leads:
        table.add_column(lead.person.person, justify="center")
    for index, step in enumerate(FORM_LEAD):
        cells = [_cell(lead, index) for lead in leads]
        table.add_row(f"{step.number:g}", step.name, *cells)
    table.add_row("", "", *(f"[bold]{lead.status}[/]" for lead in leads))
    return table


def _cell(lead: DemoLead, index: int) -> str:
    steps = rows(lead.run, "steps")
    if index >= len(steps):
        return _SIGNS["pending"]
    step = steps[index]
    took = f" [dim]{step['milliseconds']:.0f} ms[/]" if step["milliseconds"] is not None else ""
    return _SIGNS[step["status"]] + took


class _Lines:
    """Tells each step once, when it has ended."""

    def __init__(self, console: Console, leads: Sequence[DemoLead]) -> None:
        self._console, self._leads = console, leads
        self._told: set[tuple[str, str]] = set()

    def update(self) -> None:
        for lead in self._leads:
            for step in rows(lead.run, "steps"):
                key = (str(lead.answer["workflow_id"]), str(step["name"]))
                if step["status"] in _ENDS and key not in self._told:
                    self._told.add(key)
                    who, what = f"{lead.person.person:<8}", f"{step['number']:>4g} {step['name']:<20}"
                    took = f"{step['status']:<8}{step['milliseconds']:>6.0f} ms"
                    self._console.print(f"  {who} {what} {took}", markup=False)
