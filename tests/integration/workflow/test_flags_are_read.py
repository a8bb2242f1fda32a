"""Every flag is read by the step it speaks of: off, the step does without, and the draft says no more than it knows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.registry import build_agents
from sales_agent.connectors.llm.local_embedding import LocalEmbedder
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.connectors.oauth import StaticToken
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.registry import ProviderSettings, build_readers
from sales_agent.connectors.transport import Transport
from sales_agent.controls.flags import Flag, turn_flag
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database
from sales_agent.pipeline.workflow.state import ValidSubmission
from sales_agent.pipeline.workflow.steps.find_assets import find_assets
from sales_agent.pipeline.workflow.steps.propose_times import NOT_WANTED, propose_times
from sales_agent.pipeline.workflow.steps.recall_similar import recall_similar
from sales_agent.records.memory.repository import LeadMemoryRepository
from sales_agent.sandbox.client import SandboxClient
from tests.factories.mailbox import make_resolved, make_run_facts
from tests.factories.records import make_contact
from tests.factories.store import store

EMAIL = "ada@fabrikam.example"
SELLER = SellerProfile(drive_folder_ids=("1fldCaseStudies",))


@dataclass(frozen=True, slots=True)
class Steps:
    """The three steps that a flag can turn off, for one lead."""

    database: Database
    tenant_id: UUID
    contact_id: UUID
    readers: Readers

    async def turn_off(self, flag: Flag) -> None:
        async with self.database.transaction(self.tenant_id) as session:
            assert await turn_flag(session, self.tenant_id, flag, enabled=False, by="mara")

    async def recall(self) -> SimilarReading:
        run, contact = make_run_facts(EMAIL, message="A demo?"), make_resolved(self.contact_id)
        db = self.database.tenant(self.tenant_id)
        return await recall_similar(run, contact, db, LocalEmbedder(), build_agents(TemplateModel()))

    async def files(self) -> RankedAssets:
        return await find_assets(
            make_run_facts(EMAIL, message="Case studies of water utilities?"),
            make_resolved(self.contact_id),
            self.database.tenant(self.tenant_id),
            self.readers.files,
            LocalEmbedder(),
            build_agents(TemplateModel()),
            SELLER,
            SystemClock(),
        )

    async def times(self) -> ProposedSlots:
        return await propose_times(
            make_run_facts(EMAIL),
            ValidSubmission(EMAIL, EMAIL, "fabrikam.example"),
            make_resolved(self.contact_id),
            self.database.tenant(self.tenant_id),
            self.readers.calendar,
            build_agents(TemplateModel()),
            SELLER,
            SystemClock(),
        )


@pytest.fixture
async def steps(database: Database, tenant_id: UUID, sandbox: SandboxClient) -> AsyncIterator[Steps]:
    contact = make_contact(tenant_id, email=EMAIL, email_canonical=EMAIL)
    await store(database, contact)
    transport, token = Transport(timeout_seconds=5.0), StaticToken("sandbox-test")
    url = sandbox.url
    providers = ProviderSettings(
        hubspot_url=url, gmail_url=url, google_url=url, hubspot_token=token, google_token=token
    )
    yield Steps(database, tenant_id, contact.id, build_readers(providers, transport))
    await transport.close()


async def test_files_are_looked_for_unless_the_tenant_offers_none(steps: Steps, sandbox: SandboxClient):
    assert (await steps.files()) != RankedAssets()
    await steps.turn_off(Flag.OFFER_FILES)
    sandbox.clear_journal()
    assert await steps.files() == RankedAssets()
    assert sandbox.journal(provider="drive") == []


async def test_times_are_proposed_unless_the_tenant_proposes_none(steps: Steps):
    proposed = await steps.times()
    assert proposed.slots
    await steps.turn_off(Flag.PROPOSE_TIMES)
    without = await steps.times()
    assert (without.slots, without.note, without.zone) == ((), NOT_WANTED, proposed.zone)


async def test_earlier_leads_are_recalled_unless_the_tenant_wants_none(
    steps: Steps, database: Database, tenant_id: UUID
):
    embedder = LocalEmbedder()
    (vector,) = await embedder.embed(["A demo?"])
    async with database.transaction(tenant_id) as session:
        await LeadMemoryRepository(session, tenant_id).remember(
            make_run_facts(EMAIL).run_id,
            contact_id=steps.contact_id,
            model=embedder.model,
            embedding=vector,
            call_to_action="demo",
            asset_id="",
            outcome="open",
        )
    assert (await steps.recall()).cases
    await steps.turn_off(Flag.RECALL_SIMILAR)
    assert await steps.recall() == SimilarReading()
