"""A person with a conversation, and decisions about drafts to them."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from sales_agent.connectors.mail.reader import MailMessage, MailThread
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.decide import decide
from sales_agent.pipeline.approval.engine import Decision
from sales_agent.pipeline.approval.inputs import DecisionSwitches
from sales_agent.pipeline.approval.models import AutoApprovalLog
from sales_agent.pipeline.approval.repository import DecisionRepository
from sales_agent.records.conversations.repository import ConversationRepository
from tests.factories.decisions import NOW, OPEN
from tests.factories.drafting import stored_contact

ADA = "ada@fabrikam.example"

OURS = MailMessage(
    id="m-1",
    thread_id="t-1",
    message_id_header="<1@mail.northwind.example>",
    references="",
    from_address="mara@northwind.example",
    from_name="Mara",
    to_addresses=(ADA,),
    subject="Prices",
    sent_at=NOW - dt.timedelta(days=12),
    text="Here.",
    label_ids=("SENT",),
)
REPLY = replace(
    OURS,
    id="m-2",
    message_id_header="<2@fabrikam.example>",
    references="<1@mail.northwind.example>",
    from_address=ADA,
    to_addresses=("mara@northwind.example",),
    sent_at=NOW - dt.timedelta(days=10),
    label_ids=("INBOX",),
)


async def decided(database: Database, tenant_id: UUID, draft_id: UUID, switches: DecisionSwitches = OPEN) -> Decision:
    async with database.transaction(tenant_id) as session:
        return await decide(session, tenant_id, draft_id, switches=switches, now=NOW)


async def logged(database: Database, tenant_id: UUID, draft_id: UUID, version: int = 1) -> AutoApprovalLog:
    async with database.transaction(tenant_id) as session:
        found = await DecisionRepository(session, tenant_id).get(draft_id, version)
    assert found is not None
    return found


async def with_messages(database: Database, tenant_id: UUID, *messages: MailMessage) -> UUID:
    contact_id = await stored_contact(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        await ConversationRepository(session, tenant_id).save_threads(
            contact_id, [MailThread("t-1", "Prices", messages)], NOW
        )
    return contact_id
