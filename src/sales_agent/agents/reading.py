"""What the thread reader finds in a person's mail; other agents build on it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Who wrote last."""

    LEAD = "lead"
    SELLER = "seller"
    NOBODY = "nobody"


class Urgency(StrEnum):
    """How soon an answer is wanted."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Intent(StrEnum):
    """What the person wants."""

    DEMO = "demo"
    PRICE = "price"
    MEETING = "meeting"
    QUESTION = "question"
    PROBLEM = "problem"
    NOT_INTERESTED = "not_interested"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of the lead that nobody has answered; `message_id` is the mailbox's id of the message it stands in."""

    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class CleanMessage:
    """One message a person wrote, without quotes and signature. `sent_at` is aware."""

    id: str
    thread_id: str
    from_lead: bool
    sent_at: dt.datetime
    text: str
    message_id_header: str
    references: str
    subject: str


@dataclass(frozen=True, slots=True)
class ThreadReading:
    """All threads with one person as one story, oldest message first.

    `automatic_at` is when the lead's mailbox answered by itself, if that is the last thing that came from it.
    `used_model` is empty if there was nothing to read.
    """

    summary: str = ""
    intent: Intent = Intent.UNCLEAR
    open_questions: tuple[OpenQuestion, ...] = ()
    last_sender: Side = Side.NOBODY
    last_message_at: dt.datetime | None = None
    urgency: Urgency = Urgency.NORMAL
    messages: tuple[CleanMessage, ...] = ()
    automatic_at: dt.datetime | None = None
    used_model: str = ""
    prompt_version: str = ""
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def newest(self) -> CleanMessage | None:
        """The message a reply would answer."""
        return self.messages[-1] if self.messages else None
