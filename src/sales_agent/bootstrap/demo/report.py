"""What a demo prints of each lead: the steps, the draft with what each sentence stands on, and what lies where now."""

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from sales_agent.bootstrap.demo.api_client import Json, rows
from sales_agent.bootstrap.demo.leads import DemoAccess, DemoLead
from sales_agent.bootstrap.demo.owner import DemoOwner

_COLORS = {"done": "green", "skipped": "yellow", "failed": "red", "note": "dim", "warn": "yellow", "block": "red"}
# Enough to recognise it; the draft's own page has the whole.
_LONGEST_EVIDENCE = 160
_EXAMPLE_LEAD = '{"email": "kim@fabrikam.example", "firstname": "Kim", "message": "What does it cost?"}'


def report(console: Console, lead: DemoLead) -> None:
    """Everything about one lead."""
    console.print()
    console.print(Rule(lead.person.about))
    _steps(console, lead.run)
    if lead.draft is None:
        reason = lead.run.get("error_message") or lead.run.get("reason") or "see the logs of the worker"
        console.print(f"  [red]No draft: the run is {lead.status}, {escape(str(reason))}[/]")
        return
    _mail(console, lead.draft)
    _sentences(console, lead.draft)
    _findings(console, lead.draft)
    _places(console, lead)


def show_owner(console: Console, owner: DemoOwner) -> None:
    """Who may do everything in the demo tenant."""
    console.print()
    console.print(Rule("owner of the demo"))
    console.print(f"  [bold]E-mail[/]    {escape(owner.email)}")
    console.print(f"  [bold]Password[/]  {escape(owner.password)}   (another one at the next demo)")


def what_next(console: Console, access: DemoAccess, lead: DemoLead) -> None:
    """What to try with the running system."""
    address, header = access.client.address, f"-H 'X-API-Key: {access.key}'"
    console.print()
    console.print(Rule("try it"))
    lines = (
        ("The API, described", f"{address}/docs"),
        ("The drafts", f"curl -s {header} {address}/api/drafts"),
        ("This run", f"curl -s {header} {address}/api/workflows/{lead.answer['workflow_id']}"),
        ("Its audit trail", f"curl -s {header} {address}/api/workflows/{lead.answer['workflow_id']}/events"),
        (
            "One more lead",
            f"curl -s {header} -H 'Content-Type: application/json' -d '{_EXAMPLE_LEAD}' {address}/api/demo/lead",
        ),
    )
    for what, line in lines:
        console.print(f"  [bold]{what}[/]")
        console.print(f"    {escape(line)}", soft_wrap=True)
    console.print("  [bold]A key of your own, where this one lives for a day[/]")
    console.print("    sales-agent keys create --tenant demo --name NAME --scope read", soft_wrap=True)


def _steps(console: Console, run: Json) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", style="dim")
    for _ in range(3):
        table.add_column()
    for step in rows(run, "steps"):
        color = _COLORS.get(step["status"], "dim")
        took = f"{step['milliseconds']:.0f} ms" if step["milliseconds"] is not None else ""
        why = step["without_it"] or step["error"] or ""
        table.add_row(f"{step['number']:g}", step["name"], f"[{color}]{step['status']}[/]", f"{took}  {escape(why)}")
    console.print(Padding(table, (1, 0, 1, 2)))


def _mail(console: Console, draft: Json) -> None:
    recipient = draft["recipient"]
    console.print(f"  [bold]To:[/]      {escape(recipient['name'])} <{escape(recipient['address'])}>")
    console.print(f"  [bold]Subject:[/] {escape(draft['subject'])}")
    console.print(Padding(escape(draft["body"]), (1, 0, 1, 4)))


def _sentences(console: Console, draft: Json) -> None:
    console.print("  [bold]What each sentence stands on[/]")
    table = _grid()
    for sentence in rows(draft, "sentences"):
        table.add_row(f"[dim]{sentence['type']}[/]", escape(_short(sentence["text"])))
        for evidence in rows(sentence, "evidence"):
            where, text = escape(evidence["where"]), escape(_short(evidence["text"]))
            table.add_row("", f"[cyan]{where}[/]: [dim]{text}[/]")
    for omission in draft["omissions"]:
        table.add_row("[yellow]not said[/]", escape(omission))
    console.print(Padding(table, (0, 0, 0, 4)))


def _findings(console: Console, draft: Json) -> None:
    found = rows(draft, "findings")
    console.print("  [bold]Findings[/]" + ("" if found else " none"))
    table = _grid()
    for finding in found:
        color, said = _COLORS[finding["severity"]], f"{finding['message']} {finding['fix']}"
        table.add_row(f"[{color}]{finding['severity']}[/]", f"{finding['check']}/{finding['code']}: {escape(said)}")
    console.print(Padding(table, (0, 0, 0, 4)))


def _places(console: Console, lead: DemoLead) -> None:
    """Slots, decision, and the ids under which the providers know what was made."""
    outputs: dict[str, Json] = {step["name"]: step["output"] or {} for step in rows(lead.run, "steps")}
    slots, decided, crm = outputs["propose_times"], outputs["decide_approval"], outputs["create_crm_task"]
    proposed = [str(slot["label"]) for slot in rows(slots, "slots")] or [str(slots.get("note") or "none")]
    table = _grid()
    for what, where in (
        ("Slots", "\n".join([f"in {slots.get('zone', 'no zone')}", *proposed])),
        ("HubSpot task", _place(crm, "task_id", "task_status")),
        ("HubSpot note", _place(crm, "note_id", "note_status")),
        ("Gmail draft", _place(outputs["create_gmail_draft"], "mail_draft_id", "status")),
        ("Decision", "\n".join([str(decided.get("decision")), *map(str, decided.get("reasons") or ())])),
    ):
        table.add_row(f"[bold]{what}[/]", escape(where))
    console.print(Padding(table, (1, 0, 0, 2)))


def _grid() -> Table:
    """Two columns, the second of which wraps within itself."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _place(output: Json, id_name: str, status_name: str) -> str:
    return f"{output.get(id_name) or 'none'} ({output.get(status_name, 'skipped')})"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_EVIDENCE else line[: _LONGEST_EVIDENCE - 1] + "…"
