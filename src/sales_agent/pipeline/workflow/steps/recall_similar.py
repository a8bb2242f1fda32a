"""Step 5: what worked with people like this one? Only structured facts cross from one lead to another."""

from sales_agent.agents.long_memory import RecallSimilar, SimilarReading, memory_text
from sales_agent.agents.registry import Agents
from sales_agent.connectors.llm.port import Embedder
from sales_agent.controls.flags import Flag, is_on
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts
from sales_agent.records.memory.repository import LeadMemoryRepository

CANDIDATES = 20


async def recall_similar(
    run: RunFacts, contact: ResolvedContact, db: TenantDatabase, embedder: Embedder, agents: Agents
) -> SimilarReading:
    """Similar leads of this tenant and what came of them."""
    async with db.transaction() as session:
        if not await is_on(session, db.tenant_id, Flag.RECALL_SIMILAR):
            return SimilarReading()
    vectors = await embedder.embed([memory_text(contact.lead(run))])
    async with db.transaction() as session:
        cases = await LeadMemoryRepository(session, db.tenant_id).nearest(
            vectors[0], model=embedder.model, limit=CANDIDATES, except_run=run.run_id
        )
    return await agents.long_memory.execute(RecallSimilar(cases))
