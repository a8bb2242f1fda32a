"""One call to action: the policy's, or a model's among those the policy allows."""

import datetime as dt

import pytest
from pydantic import TypeAdapter

from sales_agent.agents.base import AgentInputInvalid
from sales_agent.agents.lead_facts import DealFacts, LeadFacts
from sales_agent.agents.next_step import NextStepPlanner, PlannedStep, PlanNextStep
from sales_agent.agents.reading import CleanMessage, Intent, OpenQuestion, ThreadReading
from sales_agent.agents.step_policy import POLICY
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.content import CallToAction
from tests.factories.agents import LEAD, NOW, ScriptedModel, make_assets, make_lead, make_slots

OPEN_DEAL = (DealFacts("Acme 2026", "presentationscheduled", is_open=True),)


async def plan(lead: LeadFacts, model: ScriptedModel | None = None, **changes: object) -> PlannedStep:
    values: dict[str, object] = {"now": NOW, "lead": lead, "slots": make_slots(), **changes}
    return await NextStepPlanner(model or TemplateModel()).execute(PlanNextStep(**values))  # pyright: ignore[reportArgumentType]


def newest(text: str) -> ThreadReading:
    message = CleanMessage(
        "m1", "t1", from_lead=True, sent_at=NOW, text=text, message_id_header="", references="", subject=""
    )
    return ThreadReading(messages=(message,))


def asked(days_ago: int) -> ThreadReading:
    return ThreadReading(automatic_at=NOW - dt.timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("lead", "found", "policy", "call", "uses_slots"),
    [
        (LeadFacts(LEAD, contact={"hs_email_optout": "true"}), {}, "wants_no_mail", "none", False),
        (make_lead("Please remove me from your list"), {}, "wants_no_mail", "none", False),
        (make_lead("hello"), {"reading": newest("please unsubscribe")}, "wants_no_mail", "none", False),
        (make_lead("Not interested any more"), {}, "not_interested", "none", False),
        (make_lead("Show me a demo"), {"reading": asked(2)}, "away", "answer", False),
        (make_lead("Show me a demo"), {"reading": asked(30)}, "asks_for_demo", "demo", True),
        (make_lead("The export is broken"), {}, "problem", "answer", False),
        (LeadFacts(LEAD, contact={"lifecyclestage": "customer"}), {}, "customer", "answer", False),
        (make_lead("What does it cost?"), {}, "asks_price", "discovery", True),
        (make_lead("I'd like a call"), {}, "asks_for_meeting", "meeting", True),
        (make_lead("Do you support SSO?"), {}, "question", "meeting", True),
        (make_lead("Do you support SSO?"), {"assets": make_assets("SSO.pdf")}, "question_with_file", "answer", False),
        (make_lead("We sell shoes"), {"fit_score": 0.9}, "strong_fit", "meeting", True),
        (make_lead("We sell shoes"), {"fit_score": 0.2}, "otherwise", "discovery", True),
        (LeadFacts(LEAD), {"reading": ThreadReading(intent=Intent.DEMO)}, "asks_for_demo", "demo", True),
        (
            LeadFacts(LEAD),
            {"reading": ThreadReading(open_questions=(OpenQuestion("SSO?", "m"),))},
            "question",
            "meeting",
            True,
        ),
    ],
)
async def test_the_policy_decides_what_is_asked_for(
    lead: LeadFacts,
    found: dict[str, object],
    policy: str,
    call: str,
    uses_slots: bool,  # noqa: FBT001 - a column of the table
) -> None:
    planned = await plan(lead, **found)
    assert (planned.policy, planned.call_to_action.value, planned.uses_slots) == (policy, call, uses_slots)
    assert planned.reason


async def test_an_open_deal_makes_a_price_question_a_proposal() -> None:
    lead = LeadFacts(LEAD, form={"message": "What does it cost?"}, deals=OPEN_DEAL)
    assert (await plan(lead)).call_to_action is CallToAction.PROPOSAL


async def test_without_slots_none_are_used() -> None:
    assert not (await plan(make_lead("I'd like a call"), slots=None)).uses_slots
    assert not (await plan(make_lead("I'd like a call"), slots=make_slots(0))).uses_slots


async def test_a_model_may_choose_among_the_allowed_ones() -> None:
    model = ScriptedModel({"call_to_action": "proposal", "reason": "They want numbers.", "asset": "file.1"})
    planned = await plan(make_lead("What does it cost?"), model, assets=make_assets("Pricing.pdf"))
    assert (planned.call_to_action, planned.chosen_by_model) == (CallToAction.PROPOSAL, True)
    assert (planned.reason, planned.asset_id) == ("They want numbers.", "f1")


@pytest.mark.parametrize(
    "answer",
    [
        {"call_to_action": "demo", "reason": "x", "asset": None},
        {"call_to_action": "wire 5,000 euros", "reason": "x", "asset": "file.1"},
        {"call_to_action": ["meeting"]},
        {},
        None,
    ],
)
async def test_a_model_that_chooses_something_else_is_not_followed(answer: dict[str, object] | None) -> None:
    planned = await plan(make_lead("What does it cost?"), ScriptedModel(answer))
    assert (planned.call_to_action, planned.chosen_by_model) == (CallToAction.DISCOVERY, False)


async def test_a_file_nobody_offered_cannot_be_chosen() -> None:
    model = ScriptedModel({"call_to_action": "discovery", "reason": "x", "asset": "f1"})
    planned = await plan(make_lead("What does it cost?"), model, assets=make_assets("Pricing.pdf"))
    assert planned.asset_id is None


async def test_where_the_policy_leaves_no_choice_no_model_is_asked() -> None:
    model = ScriptedModel()
    await plan(make_lead("Please remove me from your list"), model, assets=make_assets("SSO.pdf"))
    assert model.prompts == []


async def test_the_prompt_is_bounded_and_offers_only_what_is_allowed() -> None:
    model = ScriptedModel({})
    await plan(make_lead("price " * 200_000), model)
    prompt = model.prompts[0]
    assert len(str(prompt.facts)) < 4_000
    assert prompt.facts["allowed"] == ["discovery", "proposal", "meeting"]
    assert prompt.version.startswith("next_step@")


def test_the_last_row_applies_to_everybody_and_every_row_has_a_name_of_its_own() -> None:
    assert POLICY[-1].name == "otherwise"
    assert len({row.name for row in POLICY}) == len(POLICY)
    assert all(row.preferred not in row.alternatives for row in POLICY)


async def test_a_plan_survives_being_written_down() -> None:
    adapter = TypeAdapter(PlannedStep)
    planned = await plan(make_lead("What does it cost?"))
    assert adapter.validate_json(adapter.dump_json(planned)) == planned


async def test_a_score_is_a_share() -> None:
    with pytest.raises(AgentInputInvalid, match="score"):
        await plan(make_lead(), fit_score=3.0)
