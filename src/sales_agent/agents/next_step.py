"""Plans the one thing a mail asks for: a policy first, the model only among what the policy allows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sales_agent.agents.answers import choice_in, text_in
from sales_agent.agents.asset_hunter import RankedAsset, RankedAssets
from sales_agent.agents.base import Agent, require
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.prompts import load_prompt
from sales_agent.agents.reading import ThreadReading
from sales_agent.agents.step_policy import Row, Situation, row_for, situation_of
from sales_agent.agents.visible_text import one_line
from sales_agent.connectors.llm.port import Answer, LanguageModel, NoAnswer, Prompt
from sales_agent.content import CallToAction

_LONGEST_MESSAGE: Final = 2_000
_LONGEST_REASON: Final = 200
_MOST_ASSETS: Final = 3
# Without a model, only a file that clearly fits is offered.
_SURE_ASSET_SCORE: Final = 0.2
# Calls to action that times belong to.
MEETS: Final = frozenset({CallToAction.MEETING, CallToAction.DISCOVERY, CallToAction.DEMO, CallToAction.PROPOSAL})


@dataclass(frozen=True, slots=True)
class PlanNextStep:
    """Everything the earlier steps found; what they could not find is None. `now` is aware; `fit_score`: 0 to 1."""

    now: dt.datetime
    lead: LeadFacts
    reading: ThreadReading | None = None
    similar: SimilarReading | None = None
    assets: RankedAssets | None = None
    slots: ProposedSlots | None = None
    fit_score: float | None = None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The one call to action, why, and what goes with it. `policy`: the row that decided what was allowed."""

    call_to_action: CallToAction
    reason: str
    policy: str
    allowed: tuple[CallToAction, ...]
    asset_id: str | None = None
    uses_slots: bool = False
    chosen_by_model: bool = False
    used_model: str = ""
    prompt_version: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


class NextStepPlanner(Agent[PlanNextStep, PlannedStep]):
    """The policy decides alone where it leaves one choice; a model that chooses outside of it is not followed."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def validate_input(self, request: PlanNextStep) -> None:
        """The moment must be told with its zone, a score as a share."""
        require(holds=request.now.tzinfo is not None, otherwise="now has no time zone")
        require(holds=0 <= (request.fit_score or 0) <= 1, otherwise="the fit score is not between 0 and 1")

    async def _think(self, request: PlanNextStep) -> PlannedStep:
        situation = situation_of(
            request.lead, request.reading, request.assets, request.now, fit_score=request.fit_score or 0.0
        )
        row = row_for(situation)
        assets = request.assets.best[:_MOST_ASSETS] if request.assets and row.may_offer_file else ()
        decided = _by_policy(row, assets)
        if len(row.allowed) > 1:
            decided = await self._asked(request, row, situation, assets, decided)
        has_slots = request.slots is not None and bool(request.slots.slots)
        return replace(decided, uses_slots=has_slots and row.may_meet and decided.call_to_action in MEETS)

    async def _asked(
        self,
        request: PlanNextStep,
        row: Row,
        situation: Situation,
        assets: tuple[RankedAsset, ...],
        decided: PlannedStep,
    ) -> PlannedStep:
        """The model's choice if it is one of the allowed ones, else the policy's."""
        prompt = load_prompt("next_step")
        offered = {f"file.{number}": asset for number, asset in enumerate(assets, 1)}
        facts = _facts(request, row, situation, offered)
        try:
            answer = await self._model.answer(
                Prompt("next_step", prompt.text, facts, _schema(row, offered), prompt.version, 300)
            )
        except NoAnswer:
            return decided
        asked = replace(
            decided,
            used_model=answer.model,
            prompt_version=prompt.version,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
        )
        return _followed(asked, answer, row, offered)


def _by_policy(row: Row, assets: tuple[RankedAsset, ...]) -> PlannedStep:
    sure = next((asset.file_id for asset in assets if asset.score >= _SURE_ASSET_SCORE), None)
    return PlannedStep(row.preferred, row.reason, row.name, row.allowed, asset_id=sure)


def _followed(decided: PlannedStep, answer: Answer, row: Row, offered: Mapping[str, RankedAsset]) -> PlannedStep:
    chosen = text_in(answer.data, "call_to_action")
    if chosen not in row.allowed:
        return decided
    asset = offered.get(text_in(answer.data, "asset"))
    return replace(
        decided,
        call_to_action=choice_in(answer.data, "call_to_action", CallToAction, decided.call_to_action),
        reason=one_line(text_in(answer.data, "reason"), _LONGEST_REASON) or decided.reason,
        asset_id=asset.file_id if asset else None,
        chosen_by_model=True,
    )


def _schema(row: Row, offered: Mapping[str, RankedAsset]) -> Mapping[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["call_to_action", "reason", "asset"],
        "properties": {
            "call_to_action": {"type": "string", "enum": [str(call) for call in row.allowed]},
            "reason": {"type": "string"},
            "asset": {"type": ["string", "null"], "enum": [*offered, None]},
        },
    }


def _facts(
    request: PlanNextStep, row: Row, situation: Situation, offered: Mapping[str, RankedAsset]
) -> Mapping[str, object]:
    worked = request.similar.best_call_to_action if request.similar else None
    questions = [question.text for question in request.reading.open_questions] if request.reading else []
    return {
        "allowed": [str(call) for call in row.allowed],
        "preferred": str(row.preferred),
        "reason": row.reason,
        "message": request.lead.message[:_LONGEST_MESSAGE],
        "reads_as": str(situation.wish),
        "history": {"summary": request.reading.summary if request.reading else "", "open_questions": questions},
        "worked_before": str(worked) if worked else None,
        "assets": [{"id": id_, "name": asset.name, "score": asset.score} for id_, asset in offered.items()],
    }
