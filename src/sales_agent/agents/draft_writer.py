"""Writes the draft: the model proposes sentences, the code keeps only what may be said."""

from dataclasses import dataclass

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import PlannedStep
from sales_agent.agents.reading import ThreadReading
from sales_agent.content import DraftContent, Voice


@dataclass(frozen=True, slots=True)
class WriteDraft:
    """Everything a draft may stand on. `omissions`: what earlier steps could not find out, for the operator.

    `instruction`: an operator's wish for this one draft ("shorter", "mention the trade fair"), or empty.
    """

    lead: LeadFacts
    next_step: PlannedStep
    voice: Voice
    reading: ThreadReading | None = None
    similar: SimilarReading | None = None
    assets: RankedAssets | None = None
    slots: ProposedSlots | None = None
    omissions: tuple[str, ...] = ()
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """The draft, who wrote it, and what was taken out of the model's proposal and why."""

    content: DraftContent
    used_model: str
    prompt_version: str
    input_tokens: int = 0
    output_tokens: int = 0
    corrections: tuple[str, ...] = ()
