"""Approved recipients as the API shows them."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel


class ShownRecipient(BaseModel):
    """Somebody who was written to before."""

    id: UUID
    email: str
    domain: str
    total_sends: int
    total_replies: int
    first_approved_at: dt.datetime
    last_sent_at: dt.datetime | None


class RecipientList(BaseModel):
    """One page of approved recipients, newest first."""

    total_count: int
    returned_count: int
    limit: int
    offset: int
    recipients: list[ShownRecipient]


class RecipientRemoved(BaseModel):
    """Who is not on the list any more."""

    status: str = "removed"
    email: str
