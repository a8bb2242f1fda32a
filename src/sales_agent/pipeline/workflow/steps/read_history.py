"""Step 4: what was said? Cleaned of quotes, merged in time order, with what is still open."""

from sales_agent.agents.reading import ThreadReading
from sales_agent.agents.registry import Agents
from sales_agent.agents.thread_reader import ReadThreads
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.metering.record import record_usage
from sales_agent.pipeline.workflow.state import FoundThreads, ResolvedContact, RunFacts
from sales_agent.records.conversations.repository import ConversationRepository


async def read_history(
    run: RunFacts,
    contact: ResolvedContact,
    threads: FoundThreads | None,
    db: TenantDatabase,
    agents: Agents,
    seller: SellerProfile,
) -> ThreadReading:
    """The story so far; an empty one where there is none."""
    if threads is None or not threads.thread_ids:
        return ThreadReading()
    async with db.transaction() as session:
        cached = await ConversationRepository(session, db.tenant_id).threads_of(contact.contact_id)
    found = tuple(thread for thread in cached.threads if thread.id in threads.thread_ids)
    reading = await agents.thread_reader.execute(
        ReadThreads(threads=found, lead_address=run.email, seller_address=seller.email)
    )
    await record_usage(db, run.run_id, "thread_reader", reading.used_model, reading.input_tokens, reading.output_tokens)
    return reading
