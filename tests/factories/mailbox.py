"""Steps of a run over the sandbox's mailbox, as the engine calls them."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sales_agent.connectors.account import Account
from sales_agent.connectors.google import GMAIL
from sales_agent.connectors.mail.gmail.reader import GmailReader
from sales_agent.connectors.oauth import StaticToken
from sales_agent.connectors.transport import Transport
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.workflow.state import FoundThreads, ResolvedContact, RunFacts
from sales_agent.pipeline.workflow.steps.search_threads import search_threads
from sales_agent.records.leads.fit import FitScore

MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def make_run_facts(email: str, **fields: str) -> RunFacts:
    return RunFacts(new_id(), new_id(), "", "form-1", email, fields, "Contact us", MONDAY, MONDAY)


def make_resolved(contact_id: UUID) -> ResolvedContact:
    return ResolvedContact(
        contact_id=contact_id,
        crm_id="1",
        effect_id=None,
        company_crm_id="",
        owner_id="",
        owner_name="",
        owner_email="",
        contact={},
        company={},
        deals=(),
        fit=FitScore(0.0, ()),
        was_created=False,
        from_cache=False,
    )


def gmail_reader(transport: Transport, url: str) -> GmailReader:
    return GmailReader(Account(transport, GMAIL, url, StaticToken("sandbox-token")))


@dataclass(frozen=True, slots=True)
class MailSearch:
    """Step 3 for one person."""

    database: Database
    tenant_id: UUID
    contact_id: UUID
    email: str
    mail: GmailReader

    async def run(self, *, cache_seconds: float = 0) -> FoundThreads:
        """Look into the mailbox, unless the cache is younger than that."""
        return await search_threads(
            make_run_facts(self.email),
            make_resolved(self.contact_id),
            self.database.tenant(self.tenant_id),
            self.mail,
            SystemClock(),
            cache_seconds,
        )
