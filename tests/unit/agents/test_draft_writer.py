"""Drafts as the template writer proposes them: what a newcomer sees."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from sales_agent.agents.asset_hunter import UnreadableAsset
from sales_agent.agents.base import AgentInputInvalid
from sales_agent.agents.draft_writer import DraftWriter, WriteDraft, WrittenDraft
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.reading import CleanMessage, OpenQuestion, ThreadReading
from sales_agent.connectors.llm.port import NoAnswer
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.content import CallToAction, EvidenceKind, SentenceType, Voice
from tests.factories.agents import (
    LEAD,
    NOW,
    ScriptedModel,
    make_assets,
    make_lead,
    make_plan,
    make_slots,
    make_voice,
)

QUESTION = "Hello,\nwe get 300 leads a month. Can your product work with our HubSpot setup?"
GERMAN = make_voice(
    language="de",
    greeting="Hallo {first_name},",
    greeting_without_name="Guten Tag,",
    sign_off="Viele Grüße\n{seller_name}",
)
HISTORY = ThreadReading(
    messages=(
        CleanMessage(
            "m1",
            "t1",
            from_lead=True,
            sent_at=NOW,
            text="Do you support SSO? And where is it hosted?",
            message_id_header="<m1@mail.example>",
            references="",
            subject="Re: AW: Northwind for your team",
        ),
    ),
    open_questions=(OpenQuestion("Do you support SSO?", "m1"), OpenQuestion("And where is it hosted?", "m1")),
)


FIRST_MAIL = """Hi Anna,

Thanks for getting in touch. You asked: "Can your product work with our HubSpot setup?"

The answer depends on how Acme GmbH works, so I'd like to go through it with you.

Would one of these times suit you for a 30-minute call?

- slot label 1
- slot label 2
- slot label 3

Best regards,
Tom Weber"""
SHORTEST_MAIL = """Hello,

Thanks for getting in touch.

When would you have 30 minutes for a first conversation?

Best regards,
Tom Weber"""


async def write(lead: LeadFacts, voice: Voice | None = None, **changes: object) -> WrittenDraft:
    values: dict[str, object] = {"slots": make_slots(), "next_step": make_plan(), **changes}
    request = WriteDraft(lead=lead, voice=voice or make_voice(), **values)  # pyright: ignore[reportArgumentType]
    return await DraftWriter(TemplateModel()).execute(request)


async def test_a_new_person_is_answered_in_a_few_plain_sentences() -> None:
    written = await write(make_lead(QUESTION))
    assert written.content.subject == "Your question to Northwind"
    assert written.content.body() == FIRST_MAIL
    assert written.corrections == ()
    assert (written.used_model, written.prompt_version) == ("template@1", "draft@1")


async def test_a_person_with_history_is_answered_in_the_thread_and_on_the_question() -> None:
    written = await write(
        make_lead("We would like to go ahead."),
        reading=HISTORY,
        assets=make_assets("SSO_Guide_v2.pdf"),
        next_step=make_plan(asset_id="f1"),
    )
    assert written.content.subject == "Re: Northwind for your team"
    assert 'In your last mail you asked: "Do you support SSO? And where is it hosted?"' in written.content.body()
    assert 'Now you write: "We would like to go ahead."' in written.content.body()
    assert 'Until then, "SSO Guide" may be useful: https://drive.example/file/d/f1/view' in written.content.body()
    assert written.content.asset_id == "f1"
    assert written.corrections == ()


async def test_german_is_german_from_the_comma_on() -> None:
    written = await write(make_lead("Was kostet das für 20 Plätze?"), GERMAN)
    assert written.content.subject == "Ihre Frage nach Preisen bei Northwind"
    assert written.content.body().startswith(
        "Hallo Anna,\n\nvielen Dank für Ihre Nachricht. Sie fragten: „Was kostet das für 20 Plätze?“"
    )
    assert "Passt Ihnen einer dieser Termine für ein Gespräch von 30 Minuten?" in written.content.body()


async def test_every_sentence_that_needs_evidence_has_some_that_is_told() -> None:
    written = await write(make_lead(QUESTION), make_voice(phrases=("Happy to help",)), reading=HISTORY)
    told = {item.id: item for item in written.content.evidence}
    pointed = {id_ for sentence in written.content.sentences for id_ in sentence.evidence_ids}
    assert pointed == set(told)
    for sentence in written.content.sentences:
        if sentence.type in {SentenceType.CLAIM, SentenceType.COMMITMENT}:
            assert sentence.evidence_ids
    assert told["slot.1"].locator == make_slots().slots[0].start.isoformat()
    assert told["msg.1"].locator == "m1"
    assert told["form.message"].kind is EvidenceKind.FORM_FIELD


@pytest.mark.parametrize(
    ("voice", "says"),
    [
        ({"greeting": "Dear {first_name} {last_name},"}, "Dear Anna Berg,"),
        ({"sign_off": "Cheers\n{seller_name}, {company}"}, "Cheers\nTom Weber, Northwind"),
        ({"formality": "formal"}, "I would like to go through it with you"),
        ({"formality": "casual"}, "Thanks for reaching out."),
        ({"phrases": ("Happy to help",)}, "Happy to help."),
        ({"language": "de"}, "vielen Dank für Ihre Nachricht."),
        ({"language": "de", "formality": "casual"}, "Passt dir einer dieser Termine"),
    ],
)
async def test_the_voice_visibly_changes_the_text(voice: dict[str, object], says: str) -> None:
    assert says in (await write(make_lead(QUESTION), make_voice(**voice))).content.body()


async def test_a_short_voice_says_less_and_still_asks() -> None:
    written = await write(make_lead(QUESTION), make_voice(max_sentences=2))
    kinds = [sentence.type for sentence in written.content.sentences]
    assert kinds.count(SentenceType.CLAIM) == 1
    assert kinds.count(SentenceType.CALL_TO_ACTION) == 1


async def test_an_operator_who_wants_it_shorter_gets_it_shorter() -> None:
    long, short = await write(make_lead(QUESTION)), await write(make_lead(QUESTION), instruction="shorter, please")
    assert len(short.content.sentences) == len(long.content.sentences) - 1


async def test_what_the_voice_never_says_is_not_said() -> None:
    written = await write(make_lead(QUESTION), make_voice(never_say=("depends on how", "SYNERGY")))
    assert "depends on how" not in written.content.body()
    assert written.corrections == ("A claim was left out: the voice never says 'depends on how'.",)


async def test_where_the_voice_forbids_the_codes_own_words_it_says_so() -> None:
    written = await write(make_lead(QUESTION), make_voice(never_say=("call",)))
    assert any("call to action says 'call'" in note for note in written.corrections)


BLANKS = ("firstname", "lastname", "company", "jobtitle", "message", "phone", "country")


@pytest.mark.parametrize("blank", BLANKS)
async def test_a_blank_field_shortens_the_draft_and_never_fills_it(blank: str) -> None:
    form = {"jobtitle": "Head of Sales", "phone": "+49 30 1234567", "country": "Germany"}
    full = (await write(make_lead(QUESTION, **form))).content
    lead = LeadFacts(LEAD, form={**make_lead(QUESTION, **form).form, blank: "  "})
    holed = (await write(lead)).content
    assert len(holed.body()) <= len(full.body())
    for filler in ("[", "{", "None", "your company", "  ", ": \n", '""', " ,"):
        assert filler not in holed.body().replace("\n- ", "")
    assert all(item.text.strip() for item in holed.evidence)


async def test_a_lead_of_whom_nothing_is_known_gets_the_shortest_mail() -> None:
    written = await write(LeadFacts(LEAD), slots=None, next_step=make_plan(CallToAction.DISCOVERY, uses_slots=False))
    assert written.content.body() == SHORTEST_MAIL


async def test_an_unknown_zone_is_told_in_the_mail_and_to_the_operator() -> None:
    slots = make_slots(is_known=False)
    written = await write(make_lead(QUESTION), slots=slots)
    assert "(These are Berlin times, as I don't know your time zone.)" in written.content.body()


async def test_omissions_are_for_the_operator_and_no_part_of_the_mail() -> None:
    written = await write(make_lead(QUESTION), omissions=("Threads could not be searched.",) * 2)
    assert written.content.omissions == ("Threads could not be searched.",)
    assert "Threads" not in written.content.body()


@pytest.mark.parametrize(("score", "is_named"), [(0.9, True), (0.2, False)])
async def test_a_better_file_that_is_locked_is_named_to_the_operator(score: float, is_named: bool) -> None:  # noqa: FBT001
    locked = (UnreadableAsset("x", "SSO internals.pdf", score, "not shared with the prospect"),)
    written = await write(make_lead(QUESTION), assets=replace(make_assets("SSO.pdf"), unreadable=locked))
    note = "The best fitting file is not shared with them: SSO internals.pdf."
    assert written.content.omissions == ((note,) if is_named else ())
    assert "internals" not in written.content.body()


async def test_who_wants_no_mail_is_asked_nothing() -> None:
    plan = make_plan(CallToAction.NONE, uses_slots=False)
    written = await write(make_lead("Please remove me"), make_voice(phrases=("Happy to help",)), next_step=plan)
    assert written.content.body() == "Hi Anna,\n\nThanks for letting me know.\n\nBest regards,\nTom Weber"


async def test_an_answer_with_a_file_asks_whether_it_answers() -> None:
    plan = make_plan(CallToAction.ANSWER, uses_slots=False, asset_id="f1")
    body = (await write(make_lead(QUESTION), next_step=plan, assets=make_assets("SSO.pdf"))).content.body()
    assert '"SSO" goes into this: https://drive.example/file/d/f1/view' in body
    assert "Does that answer your question?" in body


async def test_a_model_without_an_answer_is_the_steps_to_deal_with() -> None:
    request = WriteDraft(make_lead(QUESTION), make_plan(), make_voice())
    with pytest.raises(NoAnswer):
        await DraftWriter(ScriptedModel(None)).execute(request)


async def test_a_draft_survives_being_written_down() -> None:
    adapter = TypeAdapter(WrittenDraft)
    written = await write(make_lead(QUESTION), reading=HISTORY)
    assert adapter.validate_json(adapter.dump_json(written)) == written


async def test_a_draft_needs_somebody_to_write_to_and_somebody_who_writes() -> None:
    with pytest.raises(AgentInputInvalid, match="address"):
        await write(LeadFacts(""))
    with pytest.raises(AgentInputInvalid, match="sign-off"):
        await write(make_lead(), make_voice(sign_off=" "))
