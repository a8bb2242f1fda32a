"""What the template writer reads out of a prompt's facts; the shape is the agents', checked at this door."""

import datetime as dt

from pydantic import BaseModel, Field


class ToldMessage(BaseModel):
    """One message of a history."""

    id: str
    sent_at: dt.datetime
    text: str
    reads_as: str
    is_urgent: bool
    side: str = Field(alias="from")


class AskedQuestion(BaseModel):
    """One question of the lead."""

    id: str
    message_id: str


class HistoryFacts(BaseModel):
    """Facts of the task thread_summary."""

    messages: list[ToldMessage]
    questions: list[AskedQuestion]


class OfferedFile(BaseModel):
    """A file that could be offered."""

    id: str
    score: float


class StepFacts(BaseModel):
    """Facts of the task next_step."""

    preferred: str
    reason: str
    assets: list[OfferedFile]


class VoiceFacts(BaseModel):
    """How the seller writes."""

    formality: str


class PersonFacts(BaseModel):
    """Who is written to; what is unknown is empty."""

    company: str
    company_evidence_id: str


class RequestFacts(BaseModel):
    """What the form says, ready to be repeated."""

    evidence_id: str
    quote: str
    is_question: bool


class OpenQuestionFacts(BaseModel):
    """A question from the mail history, ready to be repeated."""

    evidence_id: str
    text: str


class PastFacts(BaseModel):
    """The mail history in short."""

    open_questions: list[OpenQuestionFacts]


class PlanFacts(BaseModel):
    """What the mail asks for."""

    call_to_action: str
    suggested_text: str


class AssetFacts(BaseModel):
    """The file to mention."""

    evidence_id: str
    suggested_text: str


class DraftFacts(BaseModel):
    """Facts of the task draft."""

    language: str
    voice: VoiceFacts
    person: PersonFacts
    request: RequestFacts
    history: PastFacts
    next_step: PlanFacts
    asset: AssetFacts | None
    suggested_subject: str
    instruction: str
