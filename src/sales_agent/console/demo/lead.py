"""Sends one demo lead down the road: a new submission of the demo tenant, taken in as a webhook's would be."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sales_agent.access.auth.principal import Principal
from sales_agent.console.demo.people import SOURCE_KEY, form_body
from sales_agent.kit.clock import Clock
from sales_agent.kit.errors import Conflict, NotAllowed
from sales_agent.observability.tracing import current_trace_id
from sales_agent.pipeline.intake.hubspot_form import parse
from sales_agent.pipeline.intake.receive import Received, Receiver
from sales_agent.pipeline.intake.sources import Sources, WebhookSourceUnknown


class DemoNotRunning(Conflict):
    """The sandbox that plays the providers is not running: `sales-agent demo`, or `sales-agent up --demo`."""


class NotTheDemoTenant(NotAllowed):
    """This key belongs to another tenant: `sales-agent keys create --tenant demo --scope demo`."""


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """What the demo's route needs. `sandbox_answers` tells whether the providers' stand-in is there."""

    receiver: Receiver
    sources: Sources
    clock: Clock
    sandbox_answers: Callable[[], Awaitable[bool]]

    async def send(self, caller: Principal, fields: Mapping[str, str]) -> Received:
        """Store the submission and its job. Raises DemoNotRunning, NotTheDemoTenant, DatabaseUnavailable."""
        if not await self.sandbox_answers():
            raise DemoNotRunning
        try:
            source = await self.sources.find(SOURCE_KEY)
        except WebhookSourceUnknown as error:
            raise DemoNotRunning from error
        if source.door.tenant_id != caller.tenant_id:
            raise NotTheDemoTenant
        body = form_body(fields, portal_id=source.door.portal_id, timestamp_ms=int(self.clock.now().timestamp() * 1000))
        received = await self.receiver.receive(source.door, parse(body), trace_id=current_trace_id())
        return received[0]
