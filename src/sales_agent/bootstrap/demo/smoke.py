"""`sales-agent smoke-formlead`: one lead down the whole road, for people, scripts and deployments that want to know."""

import json

from rich.console import Console

from sales_agent.bootstrap.demo.report import report
from sales_agent.bootstrap.demo.run import send, with_demo_system
from sales_agent.config import Settings
from sales_agent.console.demo.people import BY_PERSON, Person


def run_smoke(settings: Settings, console: Console, *, as_json: bool) -> int:
    """0 if a checked draft came out, else 1. JSON goes to stdout, everything else to stderr."""
    aside = Console(stderr=True, highlight=False) if as_json else console

    def work(running: Settings) -> bool:
        _, leads = send(running, (BY_PERSON[Person.KNOWN],), aside)
        lead = leads[0]
        if as_json:
            document = {"ok": lead.is_good, "run": lead.run, "draft": lead.draft}
            console.print(json.dumps(document, indent=2), markup=False, soft_wrap=True)
        else:
            report(console, lead)
        return lead.is_good

    return with_demo_system(settings, aside, work, ends=True)
