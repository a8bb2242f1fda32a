"""Reading the words of one version of a draft."""

from uuid import UUID

from sales_agent.content import DraftContent
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.drafting.create import DraftNotFound
from sales_agent.pipeline.drafting.documents import content_of
from sales_agent.pipeline.drafting.repository import DraftRepository


async def load_words(db: TenantDatabase, draft_id: UUID, version: int) -> DraftContent:
    """Subject, sentences and evidence as stored. Raises DraftNotFound."""
    async with db.transaction() as session:
        found = await DraftRepository(session, db.tenant_id).version(draft_id, version)
    if found is None:
        raise DraftNotFound(draft_id=draft_id, version=version)
    return content_of(found.content)
