"""What a worker needs to send: for each job a carrier with the tenant's mailbox, its policy and the effects door."""

from collections.abc import Awaitable, Callable

from sales_agent.bootstrap.container import Container
from sales_agent.bootstrap.tenants import TenantParts
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.controls.unsubscribe import UnsubscribeLinks, load_unsubscribe_key
from sales_agent.effects.once import EffectsDoor
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.sending.carry import Carrier
from sales_agent.pipeline.sending.claim import Mailbox

PartsOf = Callable[[ClaimedJob], Awaitable[tuple[TenantParts, EffectsDoor]]]


def carriers(container: Container, parts_of: PartsOf) -> Callable[[ClaimedJob], Awaitable[Carrier]]:
    """Makes the carrier of a job; `parts_of` gives its tenant's parts and its own door."""
    settings = container.settings
    links = UnsubscribeLinks(settings.webhook_base_url, load_unsubscribe_key(settings))
    policy = SendingPolicy.default(settings)

    async def carrier_of(job: ClaimedJob) -> Carrier:
        parts, door = await parts_of(job)
        return Carrier(
            db=container.database.tenant(job.tenant_id),
            door=door,
            readers=parts.readers,
            mailbox=Mailbox(
                seller=parts.seller,
                ceiling=parts.ceiling,
                policy=policy,
                links=links,
                has_public_url=bool(settings.public_url),
            ),
            clock=container.clock,
            look_seconds=settings.evidence_lag_seconds,
        )

    return carrier_of
