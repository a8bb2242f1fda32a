"""Keeping what a last look found: the next approval then sees the world as it is, not as it was read long ago."""

import structlog

from sales_agent.connectors.errors import ProviderError
from sales_agent.connectors.readers import Readers
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.approval.fingerprint import World
from sales_agent.pipeline.approval.recipients import count_new_replies
from sales_agent.pipeline.drafting.models import Draft
from sales_agent.pipeline.sending.world import look
from sales_agent.records.conversations.repository import ConversationRepository
from sales_agent.records.leads.repository import ContactRepository

log = structlog.get_logger()

# Nothing is compared here.
_NOTHING = World("", None, None, (), None, opted_out=False)


async def remember_world(db: TenantDatabase, readers: Readers, draft: Draft, clock: Clock) -> None:
    """Store threads and contact as they are now; a provider that does not answer leaves them as they were."""
    try:
        seen = await look(readers, _NOTHING, address=draft.to_address, calendar_ids=())
    except ProviderError as error:
        log.warning("send.world_not_kept", draft_id=str(draft.id), code=error.code())
        return
    async with db.transaction() as session:
        await ConversationRepository(session, db.tenant_id).save_threads(draft.contact_id, seen.threads, clock.now())
        await count_new_replies(session, db.tenant_id, draft.contact_id, draft.to_address)
        if seen.contact is not None:
            await ContactRepository(session, db.tenant_id).refresh(
                draft.contact_id, seen.contact.properties, is_opted_out=seen.world.opted_out, at=clock.now()
            )
