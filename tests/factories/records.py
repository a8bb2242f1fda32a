"""Rows of the records: leads, conversations, assets, memory, activities."""

import datetime as dt
from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.records.activities.models import Note, Task
from sales_agent.records.assets.models import Asset
from sales_agent.records.conversations.models import Message, Thread
from sales_agent.records.leads.models import Company, Contact, Deal, Submission
from sales_agent.records.memory.models import DIMENSIONS, LeadMemory

YESTERDAY = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
VECTOR = [1.0] + [0.0] * (DIMENSIONS - 1)


def make_submission(tenant_id: UUID, **changes: object) -> Submission:
    submission_id = new_id()
    ids = {"run_id": new_id(), "job_id": new_id(), "dedupe_key": submission_id.hex, "source_key": "default"}
    values = {"state": "accepted", "fields": {"email": "ada@fabrikam.example"}, "raw": b"{}"}
    return Submission(**{"tenant_id": tenant_id, "id": submission_id, **ids, **values, **changes})


def make_company(tenant_id: UUID, **changes: object) -> Company:
    values = {"crm_id": new_id().hex, "name": "Fabrikam", "properties": {}, "fetched_at": YESTERDAY}
    return Company(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_contact(tenant_id: UUID, **changes: object) -> Contact:
    contact_id = new_id()
    address = f"ada.{contact_id.hex}@fabrikam.example"
    values = {"email": address, "email_canonical": address, "crm_id": contact_id.hex, "properties": {}}
    return Contact(**{"tenant_id": tenant_id, "id": contact_id, **values, **changes})


def make_deal(tenant_id: UUID, contact_id: UUID, **changes: object) -> Deal:
    values = {"crm_id": new_id().hex, "contact_id": contact_id, "properties": {}, "fetched_at": YESTERDAY}
    return Deal(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_thread(tenant_id: UUID, contact_id: UUID, **changes: object) -> Thread:
    values = {"provider_id": new_id().hex, "contact_id": contact_id, "subject": "Your question"}
    times = {"last_message_at": YESTERDAY, "fetched_at": YESTERDAY}
    return Thread(**{"tenant_id": tenant_id, "id": new_id(), **values, **times, **changes})


def make_message(tenant_id: UUID, thread_id: UUID, **changes: object) -> Message:
    headers = {"message_id_header": "<1@fabrikam.example>", "references_header": "", "subject": "Your question"}
    people = {"from_address": "ada@fabrikam.example", "from_name": "Ada", "to_addresses": ["mara@northwind.example"]}
    values = {"provider_id": new_id().hex, "thread_id": thread_id, "sent_at": YESTERDAY, "body": "Hi", "label_ids": []}
    return Message(**{"tenant_id": tenant_id, "id": new_id(), **headers, **people, **values, **changes})


def make_asset(tenant_id: UUID, **changes: object) -> Asset:
    values = {"name": "Price list", "mime_type": "application/pdf", "link": "https://drive.example/1"}
    facts = {"provider_id": new_id().hex, "model": "m-1", "embedding": VECTOR}
    times = {"modified_at": YESTERDAY, "fetched_at": YESTERDAY}
    return Asset(**{"tenant_id": tenant_id, "id": new_id(), **values, **facts, **times, **changes})


def make_lead_memory(tenant_id: UUID, contact_id: UUID, **changes: object) -> LeadMemory:
    values = {"run_id": new_id(), "contact_id": contact_id, "model": "m-1", "embedding": VECTOR}
    facts = {"call_to_action": "meeting", "outcome": "replied"}
    return LeadMemory(**{"tenant_id": tenant_id, "id": new_id(), **values, **facts, **changes})


def make_task(tenant_id: UUID, contact_id: UUID, **changes: object) -> Task:
    values = {
        "run_id": new_id(),
        "contact_id": contact_id,
        "effect_id": new_id(),
        "subject": "Call",
        "due_at": YESTERDAY,
    }
    return Task(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_note(tenant_id: UUID, contact_id: UUID, **changes: object) -> Note:
    values = {"run_id": new_id(), "contact_id": contact_id, "effect_id": new_id(), "body": "Asked for prices."}
    return Note(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})
