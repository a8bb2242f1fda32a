"""Step 6: which files help this person, among those we may offer and they can open?"""

from sales_agent.agents.asset_hunter import RankAssets, RankedAssets, asset_query, asset_text
from sales_agent.agents.registry import Agents
from sales_agent.connectors.files.reader import FilesReader
from sales_agent.connectors.llm.port import Embedder
from sales_agent.controls.flags import Flag, is_on
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts
from sales_agent.records.assets.repository import AssetRepository


async def find_assets(
    run: RunFacts,
    contact: ResolvedContact,
    db: TenantDatabase,
    files: FilesReader,
    embedder: Embedder,
    agents: Agents,
    seller: SellerProfile,
    clock: Clock,
) -> RankedAssets:
    """The files inside the allowed folders, ranked; those the person cannot open are only listed."""
    if not seller.drive_folder_ids:
        return RankedAssets()
    async with db.transaction() as session:
        if not await is_on(session, db.tenant_id, Flag.OFFER_FILES):
            return RankedAssets()
    found = tuple(await files.list_files(seller.drive_folder_ids, seller.drive_excluded_folder_ids))
    query = asset_query(contact.lead(run))
    async with db.transaction() as session:
        vectors = dict(await AssetRepository(session, db.tenant_id).vectors(found, embedder.model))
    fresh = [file for file in found if file.id not in vectors]
    embedded = await embedder.embed([query, *(asset_text(file) for file in fresh)])
    vectors.update({file.id: vector for file, vector in zip(fresh, embedded[1:], strict=True)})
    if fresh:
        async with db.transaction() as session:
            await AssetRepository(session, db.tenant_id).save(
                fresh, vectors, model=embedder.model, fetched_at=clock.now()
            )
    return await agents.asset_hunter.execute(
        RankAssets(
            files=found, lead_address=run.email, query_text=query, query_vector=embedded[0], file_vectors=vectors
        )
    )
