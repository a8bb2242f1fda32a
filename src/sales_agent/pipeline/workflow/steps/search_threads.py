"""Step 3: which mail threads are there with this person? Through a cache with an age."""

import datetime as dt

from sales_agent.connectors.mail.reader import MailReader
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.approval.recipients import count_new_replies
from sales_agent.pipeline.approval.tidy import wake_for_message
from sales_agent.pipeline.workflow.state import FoundThreads, ResolvedContact, RunFacts
from sales_agent.records.conversations.repository import ConversationRepository


async def search_threads(
    run: RunFacts,
    contact: ResolvedContact,
    db: TenantDatabase,
    mail: MailReader,
    clock: Clock,
    thread_cache_seconds: float,
) -> FoundThreads:
    """The threads, newest first; their messages now lie in the cache."""
    oldest = clock.now() - dt.timedelta(seconds=thread_cache_seconds)
    async with db.transaction() as session:
        cached = await ConversationRepository(session, db.tenant_id).threads_of(contact.contact_id)
    if cached.fetched_at is not None and cached.fetched_at >= oldest:
        return FoundThreads(tuple(thread.id for thread in cached.threads), from_cache=True)
    threads = await mail.threads_with(run.email)
    if threads:
        async with db.transaction() as session:
            await ConversationRepository(session, db.tenant_id).save_threads(contact.contact_id, threads, clock.now())
            await count_new_replies(session, db.tenant_id, contact.contact_id, run.email)
            await wake_for_message(session, db.tenant_id, contact.contact_id)
    return FoundThreads(tuple(thread.id for thread in threads), from_cache=False)
