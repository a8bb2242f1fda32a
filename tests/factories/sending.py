"""Rows of sending."""

from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.sending.models import Quota, Send
from tests.factories.pipeline import YESTERDAY


def make_send(tenant_id: UUID, draft_id: UUID, **changes: object) -> Send:
    """A mail on its way."""
    words = {"draft_version": 1, "body_hash": "b" * 64, "recipient_digest": "d" * 64}
    values = {"approval_id": new_id(), "mailbox": "mara@northwind.example", "status": "begun", "counted_at": YESTERDAY}
    return Send(**{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, **words, **values, **changes})


def make_quota(tenant_id: UUID, **changes: object) -> Quota:
    values = {"mailbox": "mara@northwind.example", "last_counted_at": YESTERDAY}
    return Quota(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})
