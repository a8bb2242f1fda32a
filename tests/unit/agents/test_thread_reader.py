"""The mail with one person as one story, told by a model that may only choose."""

import datetime as dt

import pytest
from pydantic import TypeAdapter

from sales_agent.agents.base import AgentInputInvalid
from sales_agent.agents.reading import Intent, Side, ThreadReading, Urgency
from sales_agent.agents.thread_reader import (
    LONGEST_MESSAGE,
    MOST_CHARACTERS,
    MOST_MESSAGES,
    ReadThreads,
    ThreadReader,
)
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.connectors.mail.reader import MailThread
from tests.factories.agents import LEAD, NOW, SELLER, ScriptedModel, make_mail, make_thread

QUESTION = "Thanks. Does it work with SAP?\n\nBest,\nAnna"


async def read(*threads: MailThread, model: ScriptedModel | None = None) -> ThreadReading:
    return await ThreadReader(model or TemplateModel()).execute(ReadThreads(threads, LEAD, SELLER))


def summed_up(**changes: object) -> dict[str, object]:
    return {"summary": "They ask.", "intent": "question", "open_question_ids": [], "urgency": "normal", **changes}


async def test_nothing_to_read_asks_no_model() -> None:
    assert await read(model=ScriptedModel()) == ThreadReading()
    assert await read(make_thread(), model=ScriptedModel()) == ThreadReading()


async def test_several_threads_become_one_story_in_time_order() -> None:
    older = make_thread(make_mail(1, SELLER, "first"), make_mail(5, LEAD, "third"))
    newer = make_thread(make_mail(3, LEAD, "second", thread_id="t2"), make_mail(7, LEAD, "last", thread_id="t2"))
    reading = await read(newer, older)
    assert [message.text for message in reading.messages] == ["first", "second", "third", "last"]
    assert reading.newest is not None
    assert (reading.newest.thread_id, reading.newest.message_id_header) == ("t2", "<m7@mail.example>")
    assert reading.last_sender is Side.LEAD
    assert reading.last_message_at == reading.messages[-1].sent_at


async def test_a_question_is_open_until_the_seller_has_written_again() -> None:
    asked = make_mail(1, LEAD, QUESTION)
    unanswered = await read(make_thread(asked))
    answered = await read(make_thread(asked, make_mail(2, SELLER, "Yes, it does.")))
    assert [(question.text, question.message_id) for question in unanswered.open_questions] == [
        ("Does it work with SAP?", "m1")
    ]
    assert answered.open_questions == ()
    assert answered.last_sender is Side.SELLER


async def test_an_absence_note_is_no_message_but_is_known() -> None:
    away = make_mail(3, LEAD, "I am out of office until Monday.", is_automatic=True)
    reading = await read(make_thread(make_mail(1, LEAD, QUESTION), make_mail(2, SELLER, "Yes."), away))
    assert reading.last_sender is Side.SELLER
    assert len(reading.messages) == 2
    assert reading.automatic_at == away.sent_at


async def test_an_absence_note_is_over_once_the_person_writes() -> None:
    away = make_mail(1, LEAD, "out of office", is_automatic=True)
    assert (await read(make_thread(away, make_mail(2, LEAD, "I am back.")))).automatic_at is None


async def test_drafts_bounces_and_third_parties_have_no_say() -> None:
    reading = await read(
        make_thread(
            make_mail(1, LEAD, "hello"),
            make_mail(2, SELLER, "not sent yet", label_ids=("DRAFT",)),
            make_mail(3, "mailer-daemon@mail.example", "undeliverable", is_automatic=True),
            make_mail(4, "someone@else.example", "me too"),
        )
    )
    assert [message.text for message in reading.messages] == ["hello"]
    assert reading.last_sender is Side.LEAD


async def test_a_colleague_of_the_seller_speaks_for_the_seller() -> None:
    reading = await read(make_thread(make_mail(1, LEAD, QUESTION), make_mail(2, "eva@northwind.example", "Yes.")))
    assert reading.last_sender is Side.SELLER


@pytest.mark.parametrize("spelling", ["ANNA.BERG@ACME.EXAMPLE", "anna.berg+news@acme.example"])
async def test_the_lead_is_known_in_every_spelling(spelling: str) -> None:
    reading = await read(make_thread(make_mail(1, spelling, "hello")))
    assert [message.from_lead for message in reading.messages] == [True]


async def test_a_model_may_choose_questions_but_not_invent_them() -> None:
    model = ScriptedModel(summed_up(open_question_ids=["question.1", "question.9", "drop table", 4]))
    reading = await read(make_thread(make_mail(1, LEAD, QUESTION)), model=model)
    assert [question.text for question in reading.open_questions] == ["Does it work with SAP?"]


async def test_an_answer_of_another_shape_counts_as_not_said() -> None:
    model = ScriptedModel({"summary": ["x"], "intent": "buy everything", "open_question_ids": "all", "urgency": 9})
    reading = await read(make_thread(make_mail(1, LEAD, QUESTION)), model=model)
    assert (reading.summary, reading.intent, reading.urgency) == ("", Intent.UNCLEAR, Urgency.NORMAL)
    assert reading.open_questions == ()
    assert (reading.used_model, reading.input_tokens, reading.output_tokens) == ("scripted", 11, 7)
    assert reading.prompt_version.startswith("thread_summary@")


async def test_the_prompt_is_bounded_whatever_the_mailbox_holds() -> None:
    model = ScriptedModel(summed_up())
    huge = [make_mail(number, LEAD, f"{number}? " * 100_000) for number in range(1, 201)]
    reading = await read(make_thread(*huge), model=model)
    assert len(reading.messages) <= MOST_MESSAGES
    assert sum(len(message.text) for message in reading.messages) <= MOST_CHARACTERS
    assert all(len(message.text) <= LONGEST_MESSAGE for message in reading.messages)
    assert reading.messages[-1].id == "m200"
    assert len(str(model.prompts[0].facts)) < 2 * MOST_CHARACTERS
    assert len(model.prompts) == 1


async def test_a_reading_survives_being_written_down() -> None:
    adapter = TypeAdapter(ThreadReading)
    reading = await read(make_thread(make_mail(1, LEAD, QUESTION)))
    assert adapter.validate_json(adapter.dump_json(reading)) == reading
    assert reading.last_message_at is not None
    assert reading.last_message_at < NOW + dt.timedelta(days=1)


async def test_a_reader_must_know_both_sides() -> None:
    with pytest.raises(AgentInputInvalid, match="seller"):
        await ThreadReader(TemplateModel()).execute(ReadThreads((), LEAD, ""))
    with pytest.raises(AgentInputInvalid, match="lead"):
        await ThreadReader(TemplateModel()).execute(ReadThreads((), "", SELLER))
