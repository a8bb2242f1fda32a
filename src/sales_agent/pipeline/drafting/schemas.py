"""Drafts as the API shows them."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.content import CallToAction, EvidenceKind, SentenceType, Severity
from sales_agent.pipeline.drafting.actions import DraftAction
from sales_agent.pipeline.drafting.evidence import Support
from sales_agent.pipeline.drafting.models import DraftState


class Recipient(BaseModel):
    """Whom a draft is for."""

    address: str
    name: str
    contact_id: UUID


class DraftSummary(BaseModel):
    """One draft in a list."""

    id: UUID
    state: DraftState
    state_reason: str | None = Field(description="Why the draft is in this state, where there is a reason to give.")
    version: int = Field(description="The newest version, which is the one shown.")
    run_id: UUID | None
    recipient: Recipient
    subject: str
    preview: str = Field(description="The first 160 characters of the body, on one line.")
    worst_severity: Severity | None = Field(description="The heaviest finding; null without one, or before the checks.")
    created_at: dt.datetime
    updated_at: dt.datetime
    state_since: dt.datetime = Field(description="When the draft came into this state.")
    send_at: dt.datetime | None = Field(description="When the send begins, while the draft is queued.")
    snoozed_until: dt.datetime | None
    assigned_to: UUID | None = Field(description="The user whose draft it is.")
    claimed_by: str | None = Field(description="Who has it open; others may act all the same.")
    claimed_until: dt.datetime | None
    allowed_actions: list[DraftAction] = Field(
        description="What you may do with it now: POST /api/operator/drafts/{id}/<action>."
    )


class DraftPage(BaseModel):
    """One page of drafts, newest first."""

    items: list[DraftSummary]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class ShownEvidence(BaseModel):
    """One fact a sentence stands on."""

    id: str
    kind: EvidenceKind
    locator: str = Field(description="Field name, message id, file id, start of the slot or property name.")
    where: str = Field(description="The same in words for a person.")
    text: str = Field(description="The fact as it was seen when the draft was written.")


class ShownSentence(BaseModel):
    """One sentence with what stands behind it."""

    number: int
    type: SentenceType
    text: str
    paragraph: int
    support: Support
    evidence: list[ShownEvidence]


class ShownSpan(BaseModel):
    """Characters [start, end) of the subject or the body."""

    part: str
    start: int
    end: int


class ShownFinding(BaseModel):
    """What a check found, and what to do about it."""

    check: str
    code: str
    severity: Severity
    message: str
    fix: str
    span: ShownSpan | None
    sentence: int | None


class ShownVersion(BaseModel):
    """Who wrote a version, and with what."""

    version: int
    author: str
    model: str
    prompt_version: str
    pipeline_version: str
    body_hash: str
    worst_severity: Severity | None
    created_at: dt.datetime


class ShownNote(BaseModel):
    """What somebody of the tenant told the others about a draft."""

    id: UUID
    author: str
    text: str
    created_at: dt.datetime


class VersionDetail(ShownVersion):
    """The words of one version, as they were and as they were judged."""

    subject: str
    body: str
    sentences: list[ShownSentence]
    findings: list[ShownFinding]


class ShownMove(BaseModel):
    """Something an operator may do with the draft now."""

    name: str
    to: DraftState


class DraftDetail(DraftSummary):
    """A draft in full: its newest version, every older one by its origin, and what may be done with it."""

    body: str
    body_hash: str = Field(description="SHA-256 over subject and body: names exactly these words.")
    footer: str = Field(description="What a mail sent now would have below the body; `{token}` is each person's own.")
    call_to_action: CallToAction
    asset_id: str | None
    thread_id: str | None = Field(description="The mail thread the draft answers in; null for a new one.")
    in_reply_to: str
    mail_draft_id: str | None = Field(description="The draft in the seller's mailbox, once it lies there.")
    omissions: list[str] = Field(description="What could not be found out. Never part of the mail.")
    sentences: list[ShownSentence]
    is_checked: bool = Field(description="Whether the checks have run over these words.")
    findings: list[ShownFinding]
    versions: list[ShownVersion]
    notes: list[ShownNote] = Field(description="Newest first. Never part of the mail.")
    etag: str = Field(description="Send it as If-Match to decide about exactly these words.")
    allowed_moves: list[ShownMove]
