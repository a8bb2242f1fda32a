"""All agents in the order a lead meets them, as the one bundle that steps are handed."""

from dataclasses import dataclass

from sales_agent.agents.asset_hunter import AssetHunter
from sales_agent.agents.draft_writer import DraftWriter
from sales_agent.agents.long_memory import LongMemory
from sales_agent.agents.meeting_slots import MeetingSlots
from sales_agent.agents.next_step import NextStepPlanner
from sales_agent.agents.thread_reader import ThreadReader
from sales_agent.agents.validation import Validation
from sales_agent.connectors.llm.port import LanguageModel


@dataclass(frozen=True, slots=True)
class Agents:
    """Every agent there is; a new one is one field and one line below."""

    validation: Validation
    thread_reader: ThreadReader
    long_memory: LongMemory
    asset_hunter: AssetHunter
    meeting_slots: MeetingSlots
    next_step: NextStepPlanner
    draft_writer: DraftWriter


def build_agents(model: LanguageModel) -> Agents:
    """The agents, all thinking with one model."""
    return Agents(
        validation=Validation(),
        thread_reader=ThreadReader(model),
        long_memory=LongMemory(),
        asset_hunter=AssetHunter(),
        meeting_slots=MeetingSlots(),
        next_step=NextStepPlanner(model),
        draft_writer=DraftWriter(model),
    )
