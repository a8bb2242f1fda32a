"""What operators ask for and are answered, as the API spells it."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from sales_agent.content import SentenceType, Severity
from sales_agent.kit.bodies import Body
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.approval.operator import RejectReason
from sales_agent.pipeline.drafting.actions import DraftAction
from sales_agent.pipeline.drafting.edited_content import Edit, TypedSentence
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.personal_text import (
    LONGEST_BODY,
    LONGEST_INSTRUCTION,
    LONGEST_NOTE,
    LONGEST_SUBJECT,
    usable,
)


def _typed_by_a_person(field: str, longest: int) -> BeforeValidator:
    """Refuses what no mail can carry before anything else looks at it."""
    return BeforeValidator(lambda value: usable(value, field, longest) if isinstance(value, str) else value)


NoteText = Annotated[str, _typed_by_a_person("text", LONGEST_NOTE)]
Name = Annotated[str, _typed_by_a_person("name", LONGEST_SUBJECT)]


class WordsRead(Body):
    """The words somebody has read, where they say so in the body instead of by If-Match."""

    version: int | None = Field(default=None, ge=1, description="The version you have read.")
    body_hash: str | None = Field(default=None, max_length=64, description="The digest of the words you have read.")


class ApproveBody(WordsRead):
    """Approving: without a version the newest words are approved, and the answer says which."""

    send: bool = Field(default=False, description="Queue the send as well.")
    note: NoteText | None = None
    approved_by: Name | None = Field(default=None, description="A note only: who approves is whose credential it is.")


class SendBody(WordsRead):
    """Sending what was approved."""


class RejectBody(WordsRead):
    """Rejecting: why, from the list."""

    reason: RejectReason
    text: NoteText | None = Field(default=None, description="In your own words; needed with `other`.")
    rejected_by: Name | None = Field(default=None, description="A note only: who rejects is whose credential it is.")


class EditedSentence(Body):
    """One sentence. Left out, type and evidence stay those of the sentence it was."""

    text: Annotated[str, _typed_by_a_person("text", LONGEST_BODY)]
    paragraph: int = Field(default=0, ge=0, le=1_000)
    type: SentenceType | None = None
    evidence_ids: list[Annotated[str, Field(max_length=200)]] | None = Field(default=None, max_length=50)


class EditBody(WordsRead):
    """Other words: subject, body as plain text, or sentences in place of the body. What is left out stays."""

    subject: Annotated[str, _typed_by_a_person("subject", LONGEST_SUBJECT)] | None = None
    body: Annotated[str, _typed_by_a_person("body", LONGEST_BODY)] | None = None
    sentences: list[EditedSentence] | None = None

    def wish(self) -> Edit:
        """The same for drafting."""
        if self.sentences is None:
            return Edit(self.subject, self.body)
        given = (
            TypedSentence(
                one.text,
                one.paragraph,
                one.type,
                None if one.evidence_ids is None else tuple(one.evidence_ids),
            )
            for one in self.sentences
        )
        return Edit(self.subject, self.body, tuple(given))


class RegenerateBody(WordsRead):
    """What the writer should do differently."""

    instruction: Annotated[str, _typed_by_a_person("instruction", LONGEST_INSTRUCTION)] = Field(
        default="", description="Up to 500 characters; without a language model it changes little."
    )


class SnoozeBody(Body):
    """Until when: a moment with its time zone, within a year."""

    until: dt.datetime


class AssignBody(Body):
    """Whose draft it is; null: nobody's."""

    user_id: UUID | None


class NoteBody(Body):
    """What the others should know."""

    text: Annotated[str, _typed_by_a_person("text", LONGEST_NOTE), Field(min_length=1)]


class CancelBody(Body):
    """Why, if you like to say."""

    note: NoteText | None = None


class ShownDecision(BaseModel):
    """What a person decided about one version."""

    version: int = Field(validation_alias=AliasChoices("draft_version", "version"))
    kind: OperatorDecisionKind
    reason_code: str | None
    note: str | None
    actor: str
    decided_at: dt.datetime


class OperatorDraft(BaseModel):
    """A draft as operators see it. The first names are those of earlier clients."""

    id: UUID
    recipient: str
    subject: str
    body: str
    metadata: dict[str, object]
    status: str = Field(description="PENDING_APPROVAL, APPROVED, REJECTED, SENT; else the state in capitals.")
    created_at: dt.datetime
    approved_at: dt.datetime | None
    approved_by: str | None
    rejected_reason: str | None
    gmail_draft_id: str | None
    workflow_id: UUID | None
    contact_id: UUID
    company_name: str
    state: DraftState
    state_reason: str | None
    version: int
    body_hash: str
    etag: str
    approved_version: int | None = Field(description="The version whose approval counts.")
    worst_severity: Severity | None
    send_at: dt.datetime | None
    snoozed_until: dt.datetime | None
    assigned_to: UUID | None
    claimed_by: str | None
    claimed_until: dt.datetime | None
    allowed_actions: list[DraftAction]
    decisions: list[ShownDecision] = Field(description="What people decided about this draft, newest first.")
    message: str = Field(description="What happened, in a sentence.")


class PendingDraft(BaseModel):
    """A draft that waits for a person, as earlier clients expect it: `metadata` is JSON in a string."""

    id: UUID
    recipient: str
    subject: str
    body: str
    metadata: str
    status: str
    created_at: dt.datetime
    approved_at: dt.datetime | None = None
    approved_by: str | None = None
    rejected_reason: str | None = None
    gmail_draft_id: str | None
    workflow_id: UUID | None
    contact_id: UUID
    company_name: str
    version: int
    etag: str
