"""Plans the one thing a mail asks for: a policy first, the model only among what the policy allows."""

import datetime as dt
from dataclasses import dataclass

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.reading import ThreadReading
from sales_agent.content import CallToAction


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
