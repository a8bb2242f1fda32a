"""Rules and approved recipients as the API shows them."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.pipeline.approval.inputs import RuleMode


class ShownRule(BaseModel):
    """One rule as this tenant runs it."""

    id: UUID
    rule_type: str
    name: str
    description: str
    conditions: dict[str, object]
    confidence: float = Field(description="What the rule claims: the share of its drafts a person would approve.")
    enabled: bool = Field(description="Whether the rule decides. In shadow it only logs what it would do.")
    mode: RuleMode
    priority: int = Field(description="The lower number is asked first.")
    version: int
    created_by: str
    created_at: dt.datetime


class RuleList(BaseModel):
    """Every rule, in the order they are asked."""

    total_count: int
    rules: list[ShownRule]


class RulesSeeded(BaseModel):
    """What seeding did."""

    status: str = "success"
    message: str
    seeded: list[str] = Field(description="Types of the rules that are new.")


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
