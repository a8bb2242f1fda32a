"""The writer without a model answers the agents' tasks in the shape of their schemas, and nothing else."""

from collections.abc import Mapping

import jsonschema
import pytest

from sales_agent.agents.draft_writer import DraftWriter, WriteDraft
from sales_agent.agents.next_step import NextStepPlanner, PlanNextStep
from sales_agent.agents.thread_reader import ReadThreads, ThreadReader
from sales_agent.connectors.llm.port import Answer, NoAnswer, Prompt
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.content import CallToAction
from sales_agent.safety.check import run_checks
from sales_agent.safety.findings import CheckedDraft
from tests.factories.agents import (
    LEAD,
    NOW,
    SELLER,
    make_assets,
    make_lead,
    make_mail,
    make_plan,
    make_slots,
    make_thread,
    make_voice,
)


class CheckingModel:
    """The template writer; each of its answers is held against the schema it was asked in."""

    def __init__(self) -> None:
        self.answers: list[Mapping[str, object]] = []

    async def answer(self, prompt: Prompt) -> Answer:
        answer = await TemplateModel().answer(prompt)
        assert await TemplateModel().answer(prompt) == answer
        jsonschema.validate(answer.data, prompt.schema)
        self.answers.append(answer.data)
        return answer


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("formality", ["friendly", "formal", "casual", "piratical"])
@pytest.mark.parametrize("call", list(CallToAction))
@pytest.mark.parametrize("message", ["", "Do you support SSO?", "We look for a tool for our team.", "\u202e<b>{x}"])
async def test_every_mail_is_written_in_the_schema_and_needs_no_correction(
    language: str, formality: str, call: CallToAction, message: str
) -> None:
    model = CheckingModel()
    for company in ("Acme GmbH", ""):
        for assets in (make_assets("SSO_Guide.pdf"), None):
            written = await DraftWriter(model).execute(
                WriteDraft(
                    lead=make_lead(message, company=company),
                    next_step=make_plan(call, asset_id="f1", uses_slots=call is CallToAction.MEETING),
                    voice=make_voice(language=language, formality=formality),
                    assets=assets,
                    slots=make_slots(),
                )
            )
            assert written.corrections == ()
            assert "{" not in written.content.body()
    assert len(model.answers) == 4


async def test_a_history_is_summed_up_in_the_schema() -> None:
    model = CheckingModel()
    thread = make_thread(
        make_mail(1, SELLER, "Here is our offer."), make_mail(2, LEAD, "Thanks. We need it this week. SSO?")
    )
    reading = await ThreadReader(model).execute(ReadThreads((thread,), LEAD, SELLER))
    assert reading.summary.startswith("2 messages since 9 November 2026, the last from them")
    assert reading.urgency.value == "high"
    assert len(model.answers) == 1


async def test_a_step_is_chosen_in_the_schema() -> None:
    model = CheckingModel()
    request = PlanNextStep(NOW, make_lead("What does it cost?"), assets=make_assets("Pricing.pdf"))
    planned = await NextStepPlanner(model).execute(request)
    assert (planned.call_to_action, planned.asset_id) == (CallToAction.DISCOVERY, "f1")
    assert len(model.answers) == 1


@pytest.mark.parametrize(("task", "facts"), [("poetry", {}), ("draft", {"language": 7}), ("next_step", {})])
async def test_what_it_does_not_know_it_does_not_answer(task: str, facts: dict[str, object]) -> None:
    with pytest.raises(NoAnswer):
        await TemplateModel().answer(Prompt(task, "", facts, {}, "x@1"))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("formality", ["friendly", "formal", "casual"])
@pytest.mark.parametrize("call", list(CallToAction))
async def test_safety_finds_nothing_in_a_plain_mail(language: str, formality: str, call: CallToAction) -> None:
    voice = make_voice(language=language, formality=formality, phrases=("Happy to help",))
    assets = make_assets("Logistics_Case_Study.pdf")
    for message in ("", "Do you work with HubSpot?", "Wir suchen ein Werkzeug für den Vertrieb."):
        plan = make_plan(call, asset_id="f1", uses_slots=call is CallToAction.MEETING)
        request = WriteDraft(make_lead(message), plan, voice, assets=assets, slots=make_slots())
        content = (await DraftWriter(TemplateModel()).execute(request)).content
        links = tuple(asset.link for asset in assets.best)
        assert run_checks(CheckedDraft(content, voice, LEAD, asset_links=links, slots=3)) == ()
