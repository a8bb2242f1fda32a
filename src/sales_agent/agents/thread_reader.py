"""Reads the mail with one person: cleaned, merged in time order, summed up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from sales_agent.agents.answers import choice_in, text_in, texts_in
from sales_agent.agents.base import Agent, require
from sales_agent.agents.intents import questions_in, read_intent, sounds_urgent
from sales_agent.agents.mail_cleaning import own_words
from sales_agent.agents.mail_domains import domain_of, is_business_domain
from sales_agent.agents.prompts import load_prompt
from sales_agent.agents.reading import CleanMessage, Intent, OpenQuestion, Side, ThreadReading, Urgency
from sales_agent.agents.visible_text import one_line
from sales_agent.connectors.llm.port import LanguageModel, Prompt
from sales_agent.connectors.mail.reader import MailMessage, MailThread
from sales_agent.kit.addresses import canonical_address

# The newest messages decide; together about 3,000 tokens, whatever a mailbox holds.
MOST_MESSAGES: Final = 20
LONGEST_MESSAGE: Final = 1_500
MOST_CHARACTERS: Final = 12_000
_MOST_QUESTIONS: Final = 8
_LONGEST_SUMMARY: Final = 400
_UNSENT_LABELS: Final = frozenset({"DRAFT", "TRASH", "SPAM"})

_SCHEMA: Final[Mapping[str, object]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["summary", "intent", "open_question_ids", "urgency"],
    "properties": {
        "summary": {"type": "string"},
        "intent": {"type": "string", "enum": [str(intent) for intent in Intent]},
        "open_question_ids": {"type": "array", "items": {"type": "string"}},
        "urgency": {"type": "string", "enum": [str(urgency) for urgency in Urgency]},
    },
}


@dataclass(frozen=True, slots=True)
class ReadThreads:
    """The threads with one person, in any order."""

    threads: tuple[MailThread, ...]
    lead_address: str
    seller_address: str


class ThreadReader(Agent[ReadThreads, ThreadReading]):
    """One call to the model however long the history is, and none where nobody has written anything."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def validate_input(self, request: ReadThreads) -> None:
        """Both sides must be known, or nobody could say who wrote what."""
        require(holds="@" in request.lead_address, otherwise="the lead has no address")
        require(holds="@" in request.seller_address, otherwise="the seller has no address")

    async def _think(self, request: ReadThreads) -> ThreadReading:
        history = _told_in_order(request)
        by_people = [(mail, side) for mail, side in history if not mail.is_automatic]
        written = _newest_within_bounds(tuple(_clean(mail, side) for mail, side in by_people[-MOST_MESSAGES:]))
        reading = ThreadReading(
            last_sender=_side(written[-1]) if written else Side.NOBODY,
            last_message_at=written[-1].sent_at if written else None,
            messages=written,
            automatic_at=_automatic_at(history),
        )
        if not written:
            return reading
        questions = _questions(written)
        prompt = load_prompt("thread_summary")
        answer = await self._model.answer(
            Prompt("thread_summary", prompt.text, _facts(written, questions), _SCHEMA, prompt.version, 600)
        )
        open_ids = texts_in(answer.data, "open_question_ids")
        return replace(
            reading,
            summary=one_line(text_in(answer.data, "summary"), _LONGEST_SUMMARY),
            intent=choice_in(answer.data, "intent", Intent, Intent.UNCLEAR),
            open_questions=tuple(question for id_, question in questions.items() if id_ in open_ids),
            urgency=choice_in(answer.data, "urgency", Urgency, Urgency.NORMAL),
            used_model=answer.model,
            prompt_version=prompt.version,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
        )


def _told_in_order(request: ReadThreads) -> list[tuple[MailMessage, Side]]:
    """All messages of both sides with who sent each, oldest first; unsent ones and third parties' are left out."""
    messages = (mail for thread in request.threads for mail in thread.messages)
    sent = (mail for mail in messages if not _UNSENT_LABELS & set(mail.label_ids))
    told = [(mail, _sender(mail, request)) for mail in sent]
    return sorted(
        ((mail, side) for mail, side in told if side is not Side.NOBODY), key=lambda pair: (pair[0].sent_at, pair[0].id)
    )


def _sender(mail: MailMessage, request: ReadThreads) -> Side:
    """The lead by their address; the seller by theirs or by their company's domain; anybody else is neither."""
    sender = canonical_address(mail.from_address)
    if sender == canonical_address(request.lead_address):
        return Side.LEAD
    own = domain_of(request.seller_address)
    is_ours = sender == canonical_address(request.seller_address) or "SENT" in mail.label_ids
    return Side.SELLER if is_ours or (domain_of(sender) == own and is_business_domain(own)) else Side.NOBODY


def _automatic_at(history: list[tuple[MailMessage, Side]]) -> dt.datetime | None:
    """When the lead's mailbox answered by itself, unless the person has written since."""
    last = next((mail for mail, side in reversed(history) if side is Side.LEAD), None)
    return last.sent_at if last is not None and last.is_automatic else None


def _clean(mail: MailMessage, side: Side) -> CleanMessage:
    return CleanMessage(
        id=mail.id,
        thread_id=mail.thread_id,
        from_lead=side is Side.LEAD,
        sent_at=mail.sent_at,
        text=own_words(mail.text)[:LONGEST_MESSAGE],
        message_id_header=mail.message_id_header,
        references=mail.references,
        subject=one_line(mail.subject, 200),
    )


def _newest_within_bounds(messages: tuple[CleanMessage, ...]) -> tuple[CleanMessage, ...]:
    kept: list[CleanMessage] = []
    room = MOST_CHARACTERS
    for message in reversed(messages):
        room -= len(message.text)
        if room < 0:
            break
        kept.append(message)
    return tuple(reversed(kept))


def _side(message: CleanMessage) -> Side:
    return Side.LEAD if message.from_lead else Side.SELLER


def _questions(messages: tuple[CleanMessage, ...]) -> dict[str, OpenQuestion]:
    """The lead's newest questions in their own words; a model may only choose among them."""
    asked = ((message.id, text) for message in messages if message.from_lead for text in questions_in(message.text))
    found = [OpenQuestion(text, message_id) for message_id, text in asked]
    return {f"question.{number}": question for number, question in enumerate(found[-_MOST_QUESTIONS:], 1)}


def _facts(messages: tuple[CleanMessage, ...], questions: Mapping[str, OpenQuestion]) -> Mapping[str, object]:
    numbers = {message.id: f"msg.{number}" for number, message in enumerate(messages, 1)}
    told = [
        {
            "id": numbers[message.id],
            "from": str(_side(message)),
            "sent_at": message.sent_at.isoformat(),
            "subject": message.subject,
            "text": message.text,
            # Wishes are the lead's: what the seller wrote is not searched for any.
            "reads_as": str(read_intent(message.text) if message.from_lead else Intent.UNCLEAR),
            "is_urgent": message.from_lead and sounds_urgent(message.text),
        }
        for message in messages
    ]
    asked = [
        {"id": id_, "message_id": numbers[question.message_id], "text": question.text}
        for id_, question in questions.items()
    ]
    return cast("Mapping[str, object]", {"messages": told, "questions": asked})
