"""The leads of a demo: posted through the webhook, followed until their runs end, each with its draft."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sales_agent.access.auth.principal import Scope
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.demo.api_client import ApiClient, Json
from sales_agent.bootstrap.demo.tenant import DEMO_SLUG, demo_secret
from sales_agent.bootstrap.keys import create_key
from sales_agent.bootstrap.probes import reachable
from sales_agent.bootstrap.setup import tenant_of
from sales_agent.bootstrap.stores import with_store_urls
from sales_agent.config import Settings
from sales_agent.console.demo.people import SOURCE_KEY, DemoPerson, form_body
from sales_agent.kit.clock import Clock, SystemClock
from sales_agent.sandbox.hubspot.owners import PORTAL_ID

# A key that is shown on a screen should not live much longer than the screen.
KEY_LIVES = dt.timedelta(days=1)

# A run takes a second; a worker that was just killed is taken over within a minute.
PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.15

_OPEN = frozenset({"pending", "running"})


@dataclass(slots=True)
class DemoLead:
    """One person's submission with its run as last seen, and the draft once there is one."""

    person: DemoPerson
    answer: Json
    run: Json = field(default_factory=dict[str, object])
    draft: Json | None = None

    @property
    def status(self) -> str:
        """The run's; pending until it was asked for."""
        return str(self.run.get("status", "pending"))

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.status not in _OPEN

    @property
    def is_good(self) -> bool:
        """Whether a checked draft came out."""
        return self.status == "completed" and self.draft is not None and bool(self.draft["is_checked"])


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """How the demo reaches a running system: address and key, and what its webhooks are signed with."""

    client: ApiClient
    key: str
    secret: str
    base_url: str
    clock: Clock


def open_access(settings: Settings) -> DemoAccess:
    """Make a key and read the webhook's secret. The demo tenant must be there. Not to be called on an event loop."""
    filled = with_store_urls(settings)
    key = asyncio.run(
        create_key(filled, slug=DEMO_SLUG, name="demo", scopes=(Scope.OPERATE, Scope.DEMO), lives=KEY_LIVES)
    )
    address = f"http://{reachable(settings.host)}:{settings.port}"
    return DemoAccess(
        ApiClient(address, key), key, asyncio.run(_secret(filled)), settings.webhook_base_url, SystemClock()
    )


def post(access: DemoAccess, person: DemoPerson) -> DemoLead:
    """Let somebody fill in the form. Raises ApiRefused."""
    now = access.clock.now()
    body = form_body(person.fields, portal_id=PORTAL_ID, timestamp_ms=int(now.timestamp() * 1000))
    answer = access.client.post_form(
        body, source=SOURCE_KEY, secret=access.secret, base_url=access.base_url, clock=access.clock
    )
    return DemoLead(person, answer)


def follow(access: DemoAccess, leads: Sequence[DemoLead], on_change: Callable[[], None]) -> None:
    """Ask after every run until all are over, or patience is; then fetch the drafts."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and not all(lead.is_over for lead in leads):
        for lead in leads:
            if not lead.is_over:
                lead.run = access.client.get(f"/api/workflows/{lead.answer['workflow_id']}")
        on_change()
        time.sleep(_POLL_SECONDS)
    for lead in leads:
        if lead.run.get("draft_id"):
            lead.draft = access.client.get(f"/api/drafts/{lead.run['draft_id']}")


async def _secret(settings: Settings) -> str:
    container = build_container(settings)
    try:
        return await demo_secret(container, await tenant_of(container.database, DEMO_SLUG))
    finally:
        await container.close()
