"""Sends and what is left of the limits, as the API shows them."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.kit.bodies import Body
from sales_agent.pipeline.sending.models import SendStatus, SentBy


class ShownSend(BaseModel):
    """One approval carried out."""

    id: UUID
    draft_id: UUID
    draft_version: int
    status: SendStatus = Field(description="`simulated` is never `sent`: under DRAFT_ONLY nothing leaves.")
    gate: str | None = Field(description="The gate that keeps it back, while it is held.")
    reason: str | None = Field(description="Why it is held, or failed; of a simulated one what it would wait for.")
    release: str | None = Field(description="What would let it go.")
    release_at: dt.datetime | None = Field(
        description="When it is tried again by itself; null where waiting is no use."
    )
    asks_person: bool = Field(description="Whether somebody is asked if the mail arrived.")
    sent_at: dt.datetime | None
    sent_by: SentBy | None = Field(description="`person`: somebody sent the draft in the mailbox's own window.")
    message_id: str | None = Field(description="The mail in the mailbox.")
    thread_id: str | None
    message_id_header: str | None = Field(description="The Message-ID it really left under; replies refer to it.")
    created_at: dt.datetime
    updated_at: dt.datetime


class SendPage(BaseModel):
    """One page of sends, newest first."""

    items: list[ShownSend]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class RemainingQuota(BaseModel):
    """How many more mails may go now, by each limit."""

    remaining_today: int
    remaining_this_week: int
    remaining_for_contact: int
    max_emails_per_day: int
    max_emails_per_week: int = Field(description="Counted over the ISO week: 2 makes 20 a day unreachable.")
    max_emails_per_contact_per_week: int


class ArrivalAnswer(Body):
    """What a person found out: whether the mail is at the recipient, or in the mailbox's sent mail."""

    arrived: bool
